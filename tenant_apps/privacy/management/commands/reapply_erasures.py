"""After a database was restored from a copy: erases again the accounts that had been erased since."""

from typing import Any

from django.core.management.base import BaseCommand

from kernel import clock
from tenant_apps.privacy import erasure
from tenants.context import each_served_organisation


class Command(BaseCommand):
    help = "Erases again, in every organisation, whoever was erased after the copy that was restored."

    def handle(self, *args: Any, **options: Any) -> None:
        for organisation in each_served_organisation():
            done = erasure.reapply(at=clock.now())
            self.stdout.write(f"{organisation.slug}: {done}")
