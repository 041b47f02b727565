"""Lets go of what has outlived its purpose, or only says how much there is."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from tenant_apps.organisation.models import Profile
from tenant_apps.privacy import retention
from tenants.context import each_served_organisation


class Command(BaseCommand):
    help = "Deletes or makes anonymous what each organisation's terms no longer let it keep. Runs by itself, too."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say how many rows there are")
        parser.add_argument("--organisation", metavar="SLUG", default="", help="this one only")

    def handle(self, *args: Any, **options: Any) -> None:
        seen = False
        for organisation in each_served_organisation():
            if options["organisation"] not in ("", organisation.slug) or not Profile.objects.exists():
                continue
            seen = True
            at = clock.now()
            counts = retention.due(at) if options["dry_run"] else retention.purge(at=at)
            for rule, count in counts.items():
                self.stdout.write(f"{organisation.slug}\t{rule}\t{count}")
        if options["organisation"] and not seen:
            raise CommandError("No organisation in service has that name.")
