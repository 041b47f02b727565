"""Runs a published draw again, from its file alone: no organisation and no database is asked."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenant_apps.registrations.lottery import replay


class Command(BaseCommand):
    help = "Run a published draw again from its file, and say whether its result is the one that was published."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file of the draw, as it was downloaded")
        parser.add_argument("--commitment", default="", help="the SHA-256 that was published before the draw")
        parser.add_argument("--json", action="store_true", help="print the answer for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        document = _read(options["file"])
        differences = replay.differences(document, promised=options["commitment"])
        entries = document.get("entries") or []
        if options["json"]:
            answer = {"agrees": not differences, "wishes": len(entries), "differences": differences}
            self.stdout.write(json.dumps(answer))
        elif not differences:
            self.stdout.write(f"The draw agrees: {len(entries)} wishes, the same ranks and the same choices.")
        if differences:
            raise CommandError("The draw does not agree.\n" + "\n".join(differences))


def _read(path: str) -> dict[str, Any]:
    try:
        document = json.loads(Path(path).read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from None
    if not isinstance(document, dict):
        raise CommandError(f"{path} is no draw.")
    return document
