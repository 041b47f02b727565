"""Proves the books of each organisation against themselves: `manage.py ledger check`."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tenant_apps.accounting.management import organisations
from tenant_apps.accounting.proof import ledger_check


class Command(BaseCommand):
    help = "Checks that the ledger, the orders, the payments and the numbers say the same. Ends with 1 if they do not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["check"])
        organisations.add_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        found = {
            organisation.slug: [fault.as_dict() for fault in ledger_check.check()]
            for organisation in organisations.chosen(options["organisation"])
        }
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            self._say(found)
        if any(found.values()):
            sys.exit(1)

    def _say(self, found: dict[str, list[dict[str, str | int]]]) -> None:
        for slug, faults in found.items():
            self.stdout.write(f"{slug}\t{len(faults)}")
            for fault in faults:
                self.stdout.write("\t" + "\t".join(f"{fault[name]}" for name in fault))
