"""`organisations migrate`: bring those that are behind up to date."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tenants.management.actions.showing import Write, show
from tenants.schemas import migrate

HELP = "Migrate the organisations that are behind."


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--status", action="store_true", help="Only say which are behind.")
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], write: Write) -> None:
    behind = migrate.behind()
    failures = {} if options["status"] else migrate.migrate(behind)
    if failures:
        raise CommandError("\n".join(f"{schema}: {reason}" for schema, reason in failures.items()))
    show(behind, json=options["json"], write=write)
