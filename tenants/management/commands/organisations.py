"""Organisations from the command line: make one, list them, migrate those that are behind, compare their schemas."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel.errors import Refusal
from tenants.context import in_registry
from tenants.links import origin
from tenants.models import OPERATIONS_SCHEMA, PROVISIONED, Organisation
from tenants.operations.create import create
from tenants.operations.provision import provision
from tenants.schemas import compare, migrate


class Command(BaseCommand):
    help = "Makes, lists, migrates and compares organisations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        new = actions.add_parser("create", help="Make an organisation and wait until it is in service.")
        new.add_argument("--name", required=True)
        new.add_argument("--slug", required=True)
        new.add_argument("--preset", default="")
        for fact in ("--time-zone", "--currency", "--country", "--language"):
            new.add_argument(fact, default="", help="As the preset has it, unless said.")
        new.add_argument("--json", action="store_true")
        listing = actions.add_parser("list", help="Every organisation, its state and its address.")
        listing.add_argument("--json", action="store_true")
        migrating = actions.add_parser("migrate", help="Migrate the organisations that are behind.")
        migrating.add_argument("--status", action="store_true", help="Only say which are behind.")
        migrating.add_argument("--json", action="store_true")
        actions.add_parser("compare", help="Compare every schema with that of the operations.")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _create(self, options: dict[str, Any]) -> None:
        fields = ("name", "slug", "preset", "time_zone", "currency", "country", "language")
        try:
            organisation = create(**{field: options[field] for field in fields})
        except (Refusal, LookupError) as refusal:
            raise CommandError(str(refusal)) from refusal
        organisation = provision(organisation_id=organisation.id)
        self._show([organisation], as_json=options["json"])

    def _list(self, options: dict[str, Any]) -> None:
        with in_registry():
            self._show(list(Organisation.objects.order_by("slug")), as_json=options["json"])

    def _migrate(self, options: dict[str, Any]) -> None:
        behind = migrate.behind()
        if options["status"]:
            self._show(behind, as_json=options["json"])
            return
        failures = migrate.migrate(behind)
        if failures:
            raise CommandError("\n".join(f"{schema}: {reason}" for schema, reason in failures.items()))
        self._show(behind, as_json=options["json"])

    def _compare(self, options: dict[str, Any]) -> None:
        reference = OPERATIONS_SCHEMA
        with in_registry():
            served = Organisation.objects.filter(state__in=PROVISIONED).order_by("schema_name")
            found = {
                organisation.schema_name: compare.differences(organisation.schema_name, reference=reference)
                for organisation in served
            }
        unlike = [f"{schema}\n  " + "\n  ".join(lines) for schema, lines in found.items() if lines]
        if unlike:
            raise CommandError("\n".join(unlike))
        self.stdout.write(f"{len(found)} schemas alike")

    def _show(self, organisations: list[Organisation], *, as_json: bool) -> None:
        rows = [_row(organisation) for organisation in organisations]
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            self.stdout.write(f"{row['slug']:<24} {row['state']:<14} {row['schema']:<26} {row['url']}")


def _row(organisation: Organisation) -> dict[str, str]:
    return {
        "id": str(organisation.id),
        "slug": organisation.slug,
        "name": organisation.name,
        "kind": organisation.kind,
        "state": organisation.state,
        "schema": organisation.schema_name,
        "preset": organisation.preset,
        "url": origin(organisation),
    }
