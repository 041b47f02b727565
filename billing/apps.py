from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic


class BillingConfig(AppConfig):
    name = "billing"

    def ready(self) -> None:
        # A worker knows the tasks of the modules that it imports, and looks for none in `webhooks` by itself.
        from billing import changing, following, gauges, leaving, looking, plans, provisioning, restoring
        from billing import tasks as own_tasks  # noqa: F401
        from billing.webhooks import tasks  # noqa: F401
        from billing.webhooks.handlers import HANDLERS
        from tenants.leaving.registries import CLOSING, ERASING, MATTERS, NEEDLES, RETURNING
        from tenants.provisioning import RELEASE, STEPS
        from tenants.restoring import rooms
        from tenants.watching.gauges import GAUGES

        GAUGES.register("billing", gauges.told)
        RELEASE.register("plans", plans.sync)
        STEPS.register("billing", provisioning.begin)
        CLOSING.register("subscription", leaving.end)
        RETURNING.register("subscription", leaving.go_on)
        MATTERS.register("billing", leaving.matters)
        NEEDLES.register("billing", leaving.names)
        ERASING.register("billing", leaving.let_go)
        rooms.STEPS.register("events of the processor", rooms.Step(90, restoring.events))

        task = "billing.webhooks.tasks.handle_events"
        PERIODIC.register("processor events", Periodic(task=task, every=timedelta(seconds=30), registry=True))

        for kind in looking.KINDS:
            HANDLERS.register(kind, looking.changed)
        HANDLERS.register(looking.LEFT, looking.left)
        task = "billing.webhooks.tasks.look_at_accounts"
        PERIODIC.register("payees' accounts", Periodic(task=task, every=timedelta(hours=1), registry=True))

        for kind in following.KINDS:
            HANDLERS.register(kind, following.heard)
        HANDLERS.register("setup_intent.succeeded", changing.card_given)
        task = "billing.tasks.look_at_subscriptions"
        PERIODIC.register("subscriptions", Periodic(task=task, every=timedelta(hours=1), registry=True))
        PERIODIC.register("usage", Periodic(task="billing.count_usage", every=timedelta(hours=1)))
