"""`organisations compare`: are all schemas alike?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tenants.context import in_registry
from tenants.management.actions.showing import Write, as_json
from tenants.models import OPERATIONS_SCHEMA, PROVISIONED, Organisation
from tenants.schemas import compare

HELP = "Compare every schema with that of the operations."


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], write: Write) -> None:
    with in_registry():
        found = {
            organisation.schema_name: compare.differences(organisation.schema_name, reference=OPERATIONS_SCHEMA)
            for organisation in Organisation.objects.filter(state__in=PROVISIONED).order_by("schema_name")
        }
    if options["json"]:
        write(as_json(found))
    unlike = [f"{schema}\n  " + "\n  ".join(lines) for schema, lines in found.items() if lines]
    if unlike:
        raise CommandError("\n".join(unlike))
    if not options["json"]:
        write(f"{len(found)} schemas alike")
