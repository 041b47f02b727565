from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic


class ImportsConfig(AppConfig):
    name = "tenant_apps.imports"

    def ready(self) -> None:
        PERIODIC.register("imports", Periodic(task="imports.work", every=timedelta(minutes=1)))
        PERIODIC.register("tidying of imports", Periodic(task="imports.tidy", every=timedelta(hours=12)))
