from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        # A worker knows the tasks of the modules that it imports, and looks for none in `webhooks` by itself.
        from billing import looking, plans, provisioning
        from billing.webhooks import tasks  # noqa: F401
        from billing.webhooks.handlers import HANDLERS
        from tenants.provisioning import RELEASE, STEPS

        RELEASE.register("plans", plans.sync)
        STEPS.register("billing", provisioning.begin)

        task = "billing.webhooks.tasks.handle_events"
        PERIODIC.register("processor events", Periodic(task=task, every=timedelta(seconds=30), registry=True))

        for kind in looking.KINDS:
            HANDLERS.register(kind, looking.changed)
        HANDLERS.register(looking.LEFT, looking.left)
        task = "billing.webhooks.tasks.look_at_accounts"
        PERIODIC.register("payees' accounts", Periodic(task=task, every=timedelta(hours=1), registry=True))
