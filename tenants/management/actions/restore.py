"""`organisations restore`: bring one back to a moment, while the others go on."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError

from kernel import clock
from kernel.errors import Refusal
from tenants.context import in_registry
from tenants.management.actions.showing import Write, as_json, named
from tenants.models import Restore
from tenants.restoring import claiming, report, restoring, wrecked
from tenants.restoring.loading import NotLoaded
from tenants.restoring.side import NoSide

HELP = "Bring one organisation back to a moment, while the others go on."


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--at", type=_moment, metavar="2026-11-22T14:05:00Z", help="The moment, with its zone.")
    what.add_argument("--abandon", action="store_true", help="Undo one that was interrupted early.")
    what.add_argument("--drop", action="store_true", help="Drop at once the tables that restores put aside.")
    parser.add_argument("--from-database-url", default="", help="A copy of the database at that moment; it is altered.")
    parser.add_argument("--dry-run", action="store_true", help="Only say whether it could begin.")
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], write: Write) -> None:
    organisation = named(options["slug"])
    try:
        if options["drop"]:
            write(as_json(wrecked.drop_of(organisation.pk)))
        elif options["abandon"]:
            _show(restoring.abandon(organisation_id=organisation.pk), options, write)
        elif options["dry_run"]:
            with in_registry():
                claiming.check(organisation, options["at"])
            write(as_json({"slug": organisation.slug, "at": options["at"], "may_begin": True}))
        else:
            _show(_restored(organisation.pk, options, write), options, write)
    except (Refusal, NoSide, NotLoaded) as refusal:
        raise CommandError(str(refusal) or type(refusal).__name__) from refusal


def _restored(organisation_id: Any, options: dict[str, Any], write: Write) -> Restore:
    return restoring.restore(
        organisation_id=organisation_id,
        moment=options["at"],
        asked_by="manage.py",
        side_url=options["from_database_url"],
        tell=_quiet if options["json"] else lambda step: write(f"{clock.now():%H:%M:%S} {step}"),
    )


def _show(restore: Restore | None, options: dict[str, Any], write: Write) -> None:
    if restore is None:
        raise CommandError("No restore of this organisation was interrupted.")
    write(as_json(report.facts(restore)) if options["json"] else "\n".join(report.lines(restore)))


def _quiet(step: str) -> None:
    return None


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ArgumentTypeError(f"{written} is no moment: 2026-11-22T14:05:00Z.") from None
    if moment.tzinfo is None:
        raise ArgumentTypeError("Say the zone: 2026-11-22T14:05:00Z.")
    return moment.astimezone(UTC)
