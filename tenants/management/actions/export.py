"""`organisations export`: all that one has, written where this machine is told."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import CommandError

from kernel import clock
from tenants.leaving import export
from tenants.leaving.archive import Folder, Zipped
from tenants.management.actions.showing import Write, as_json, named
from tenants.models import PROVISIONED

HELP = "Write all that an organisation has into a folder or a ZIP file."


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--to", required=True, type=Path, help="A new folder, or a name that ends in .zip.")
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], write: Write) -> None:
    organisation, to = named(options["slug"]), options["to"]
    if organisation.state not in PROVISIONED:
        raise CommandError(f"{organisation.slug} is {organisation.state}: it has no data.")
    if to.exists() and not (to.is_dir() and not any(to.iterdir())):
        raise CommandError(f"{to} is there already.")
    told = (lambda *_: None) if options["json"] else (lambda step, done, total: write(f"{step} {done}/{total}"))
    facts: dict[str, Any] = {"organisation": organisation, "at": clock.now(), "told": told}
    try:
        report = _zipped(to, facts) if to.suffix == ".zip" else export.write(target=Folder(to), **facts)
    except OSError as error:
        raise CommandError(f"{to} cannot be written: {error.strerror}.") from error
    rows = sum(report.rows.values())
    write(as_json(asdict(report)) if options["json"] else f"{rows} rows, {report.files} files, {report.size} bytes")


def _zipped(to: Path, facts: dict[str, Any]) -> export.Report:
    """Under another name until it is whole, which two at once do not share."""
    draft = to.with_name(f".{to.name}.{uuid4().hex}.part")
    draft.touch(mode=0o600, exist_ok=False)
    try:
        with draft.open("wb") as file:
            target = Zipped(file)
            report = export.write(target=target, **facts)
            target.close()
        draft.rename(to)
    finally:
        draft.unlink(missing_ok=True)
    return report
