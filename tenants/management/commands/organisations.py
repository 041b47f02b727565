"""Organisations from the command line: each action is a file of `tenants.management.actions`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tenants.management.actions import compare, create, export, listing, migrate, purge, restore, resume, suspend

ACTIONS = {
    "create": create,
    "list": listing,
    "migrate": migrate,
    "compare": compare,
    "suspend": suspend,
    "resume": resume,
    "export": export,
    "purge": purge,
    "restore": restore,
}


class Command(BaseCommand):
    help = "Makes, lists, migrates and compares organisations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name, action in ACTIONS.items():
            action.arguments(actions.add_parser(name, help=action.HELP))

    def handle(self, *args: Any, **options: Any) -> None:
        ACTIONS[options["action"]].run(options, self.stdout.write)
