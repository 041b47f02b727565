from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic


class ImportsConfig(AppConfig):
    name = "tenant_apps.imports"

    def ready(self) -> None:
        from tenant_apps.imports import restoring
        from tenants.restoring.rooms import FILES

        FILES.register("imports", restoring.files)
        PERIODIC.register("imports", Periodic(task="imports.work", every=timedelta(minutes=1)))
        PERIODIC.register("tidying of imports", Periodic(task="imports.tidy", every=timedelta(hours=12)))
