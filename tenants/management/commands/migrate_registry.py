"""What a release runs: the registry's tables, the platform's own organisation, then whoever is behind."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.operations.platform_own import ensure_operations
from tenants.provisioning import RELEASE
from tenants.schemas import migrations, parallel


class Command(BaseCommand):
    help = "Migrates the registry and every organisation that is behind. Safe to repeat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parallel", type=int, default=2, metavar="N", help="Processes at work (2).")

    def handle(self, *args: Any, **options: Any) -> None:
        migrations.apply("public")
        for _, step in RELEASE:
            step()
        ensure_operations()
        waiting, left = parallel.run(workers=options["parallel"])
        if left:
            raise CommandError("\n".join(f"{schema}: {reason}" for schema, reason in left.items()))
        self.stdout.write(f"registry migrated, {len(waiting)} organisations brought up to date")
