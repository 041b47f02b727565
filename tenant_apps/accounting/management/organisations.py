"""The organisations that a command is about: one that is named, or all in service."""

from argparse import ArgumentParser
from collections.abc import Iterator

from django.core.management.base import CommandError

from tenant_apps.organisation.models import Profile
from tenants.context import each_served_organisation
from tenants.models import Organisation


def add_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--organisation", metavar="SLUG", default="", help="this one only")
    parser.add_argument("--json", action="store_true", help="what was found, for another program")


def chosen(slug: str) -> Iterator[Organisation]:
    """Each entered while it is looked at. Raises CommandError where none has that name."""
    seen = False
    for organisation in each_served_organisation():
        if slug in ("", organisation.slug) and Profile.objects.exists():
            seen = True
            yield organisation
    if slug and not seen:
        raise CommandError("No organisation in service has that name.")
