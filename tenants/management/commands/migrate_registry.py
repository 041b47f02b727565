"""What a release runs: the registry's tables, the platform's own organisation, then whoever is behind."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.operations.platform_own import ensure_operations
from tenants.schemas import migrate, migrations


class Command(BaseCommand):
    help = "Migrates the registry and every organisation that is behind. Safe to repeat."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        migrations.apply("public")
        ensure_operations()
        behind = migrate.behind()
        failures = migrate.migrate(behind)
        if failures:
            raise CommandError("\n".join(f"{schema}: {reason}" for schema, reason in failures.items()))
        self.stdout.write(f"registry migrated, {len(behind)} organisations brought up to date")
