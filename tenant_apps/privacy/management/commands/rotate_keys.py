"""Changes the keys that organisations' sealed values are encrypted with, or wraps them with the platform's newest."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.vault.models import DataKey
from tenant_apps.privacy import keys
from tenants.context import each_served_organisation


class Command(BaseCommand):
    help = (
        "Gives each organisation a new key and seals everything anew with it, while families and staff work."
        " Stopped, it goes on where it was with --resume."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", default="", help="this one only")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--wrap", action="store_true", help="only wrap the keys with the first of VAULT_KEYS")
        what.add_argument("--resume", action="store_true", help="make no new key, carry on with the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        seen = False
        for organisation in each_served_organisation():
            if options["organisation"] in ("", organisation.slug):
                seen = True
                self.stdout.write(f"{organisation.slug}: {self._change(options)}")
        if not seen:
            raise CommandError("No organisation in service has that name.")

    def _change(self, options: dict[str, Any]) -> str:
        at = clock.now()
        if options["wrap"]:
            return f"{keys.wrap_anew(at=at)} keys wrapped"
        if not options["resume"] and DataKey.objects.exists():
            keys.rotate(actor=SYSTEM, at=at)
        return f"{keys.carry_on(at=at)} values sealed anew"
