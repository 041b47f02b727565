"""Compares each organisation's ledger with the processor's books, enters what nobody told, and says what is left."""

import json
import sys
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from tenant_apps.accounting import reconciling
from tenant_apps.accounting.management import organisations
from tenant_apps.accounting.reconciling import Report

_UNITS = {"h": "hours", "d": "days"}


class Command(BaseCommand):
    help = "Ends with 1 where the books differ, or where the processor did not answer. Runs by itself, too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", default="", help="2026-09-01T00:00Z, 6h or 2d; without it, all there ever was")
        organisations.add_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        since = _moment(options["since"], at)
        found = {
            organisation.slug: [_row(report) for report in reconciling.reconcile_all(at=at, since=since)]
            for organisation in organisations.chosen(options["organisation"])
        }
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            self._say(found)
        if any(row["away"] or row["differences"] for rows in found.values() for row in rows):
            sys.exit(1)

    def _say(self, found: dict[str, list[dict[str, Any]]]) -> None:
        for slug, rows in found.items():
            for row in rows:
                said = "no answer" if row["away"] else f"{row['movements']}\t{len(row['differences'])}"
                self.stdout.write(f"{slug}\t{row['account']}\t{said}")
                for each in row["differences"]:
                    self.stdout.write("\t" + "\t".join(str(value) for value in each.values()))


def _moment(words: str, at: datetime) -> datetime | None:
    if not words:
        return None
    if words[-1] in _UNITS and words[:-1].isdigit():
        return at - timedelta(**{_UNITS[words[-1]]: int(words[:-1])})
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as error:
        raise CommandError("Say --since as 2026-09-01T00:00Z, 6h or 2d.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=at.tzinfo)


def _row(report: Report) -> dict[str, Any]:
    return {
        "account": report.account,
        "away": report.is_away,
        "movements": report.movements,
        "differences": [
            {
                "kind": str(each.kind),
                "reference": each.reference,
                "theirs": each.cents,
                "ours": each.expected_cents,
                "currency": each.currency,
            }
            for each in report.differences
        ],
    }
