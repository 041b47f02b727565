"""After a database was restored from a copy: erases again the organisations and accounts erased since."""

from typing import Any

from django.core.management.base import BaseCommand

from kernel import clock
from tenant_apps.privacy import erasure
from tenants.context import each_served_organisation
from tenants.leaving import erasing


class Command(BaseCommand):
    help = "Erases again the organisations, and in the others the people, erased after the copy that was restored."

    def handle(self, *args: Any, **options: Any) -> None:
        for slug in erasing.reapply(at=clock.now()):
            self.stdout.write(f"{slug}: erased again")
        for organisation in each_served_organisation():
            done = erasure.reapply(at=clock.now())
            self.stdout.write(f"{organisation.slug}: {done}")
