"""`organisations create`: make one and wait until it is in service."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from kernel.errors import Refusal
from tenants.management.actions.showing import Write, show
from tenants.operations.create import create
from tenants.operations.provision import provision

HELP = "Make an organisation and wait until it is in service."
_FIELDS = ("name", "slug", "preset", "time_zone", "currency", "country", "language")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--name", required=True)
    parser.add_argument("--slug", required=True)
    parser.add_argument("--preset", default="")
    for fact in ("--time-zone", "--currency", "--country", "--language"):
        parser.add_argument(fact, default="", help="As the preset has it, unless said.")
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], write: Write) -> None:
    try:
        organisation = create(**{field: options[field] for field in _FIELDS})
    except (Refusal, LookupError) as refusal:
        raise CommandError(str(refusal)) from refusal
    show([provision(organisation_id=organisation.id)], json=options["json"], write=write)
