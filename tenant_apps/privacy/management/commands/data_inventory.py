"""Writes docs/data-inventory.md anew."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from tenant_apps.privacy import documentation

PATH = Path(__file__).parents[4] / "docs" / "data-inventory.md"


class Command(BaseCommand):
    help = "Writes docs/data-inventory.md from what each app declares of its fields."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        PATH.write_text(documentation.inventory())
