"""`organisations list`: every one, its state and its address."""

from argparse import ArgumentParser
from typing import Any

from tenants.context import in_registry
from tenants.management.actions.showing import Write, show
from tenants.models import Organisation

HELP = "Every organisation, its state and its address."


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], write: Write) -> None:
    with in_registry():
        show(list(Organisation.objects.order_by("slug")), json=options["json"], write=write)
