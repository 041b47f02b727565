from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        task = "billing.webhooks.tasks.handle_events"
        PERIODIC.register("processor events", Periodic(task=task, every=timedelta(seconds=30), registry=True))
