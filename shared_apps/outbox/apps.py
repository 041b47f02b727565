from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic


class OutboxConfig(AppConfig):
    name = "shared_apps.outbox"

    def ready(self) -> None:
        PERIODIC.register("outbox", Periodic(task="outbox.deliver", every=timedelta(seconds=30)))
