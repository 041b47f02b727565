"""`organisations purge`: erase one for good; only one that left and whose day has come, or that never opened."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from kernel import clock
from kernel.errors import Refusal
from tenants.leaving import erasing
from tenants.management.actions.showing import Write, as_json, named

HELP = "Erase an organisation that left, or that families never saw, and certify it."


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--confirm", required=True, help="The slug once more: nothing brings it back.")
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], write: Write) -> None:
    organisation = named(options["slug"])
    if options["confirm"] != organisation.slug:
        raise CommandError(f"--confirm must repeat {organisation.slug}.")
    try:
        departure = erasing.purge(organisation_id=organisation.pk, by="organisations purge", at=clock.now())
    except Refusal as refusal:
        raise CommandError(str(refusal)) from refusal
    if departure is None:
        raise CommandError("Another process is erasing it.")
    said = departure.certificate
    write(as_json(said) if options["json"] else f"{organisation.slug} erased, certificate {said['sha256']}")
