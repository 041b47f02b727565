"""The plans from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from billing import plans


class Command(BaseCommand):
    help = "Writes the plans of billing/plans.yaml. Safe to repeat."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["sync"])

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(", ".join(plan.code for plan in plans.sync()))
