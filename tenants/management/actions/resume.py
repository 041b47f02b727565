"""`organisations resume`: put back in service one that was suspended by decision."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tenants.management.actions.showing import Write, named, show
from tenants.models import SuspendedFor
from tenants.operations.suspend import NotInService, resume

HELP = "Put a suspended organisation back in service."


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], write: Write) -> None:
    organisation = named(options["slug"])
    try:
        resume(organisation_id=organisation.pk, reason=SuspendedFor.DECISION)
    except NotInService as refusal:
        why = organisation.get_suspended_for_display() or organisation.get_state_display()
        raise CommandError(f"{organisation.slug} was not suspended by decision: {why}.") from refusal
    show([named(options["slug"])], json=options["json"], write=write)
