"""`organisations suspend`: make one that can only be read, by decision of who runs the platform."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from kernel import clock
from tenants.management.actions.showing import Write, named, show
from tenants.models import SuspendedFor
from tenants.operations.suspend import NotInService, PlatformsOwn, suspend

HELP = "Let an organisation be read, and nothing new begin in it."


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], write: Write) -> None:
    try:
        suspend(organisation_id=named(options["slug"]).pk, reason=SuspendedFor.DECISION, at=clock.now())
    except PlatformsOwn as refusal:
        raise CommandError(f"{options['slug']} is the platform's own: it is never suspended.") from refusal
    except NotInService as refusal:
        raise CommandError(f"{options['slug']} is not in service.") from refusal
    show([named(options["slug"])], json=options["json"], write=write)
