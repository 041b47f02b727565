from datetime import timedelta

from django.apps import AppConfig

from billing.webhooks.handlers import HANDLERS
from kernel.tasks import PERIODIC, Periodic
from shared_apps.outbox.listeners import LISTENERS


class PaymentsConfig(AppConfig):
    name = "tenant_apps.payments"

    def ready(self) -> None:
        from billing.usage import COUNTS
        from tenant_apps.payments import events, figures, leaving, listeners, restoring, using
        from tenants.leaving.registries import DOCUMENTS, MATTERS
        from tenants.restoring.rooms import STEPS, Step
        from tenants.watching.pulse import FIGURES

        for kind, handler in events.HANDLERS.items():
            HANDLERS.register(kind, handler)
        for kind, listener in listeners.LISTENERS.items():
            LISTENERS.register(kind, listener)
        FIGURES.register("payments", figures.counted)
        COUNTS.register("payments", using.counted)
        DOCUMENTS.register("payments", leaving.papers)
        MATTERS.register("payments", leaving.matters)
        STEPS.register("numbers of receipts and deposits", Step(11, restoring.numbers))
        STEPS.register("accounts", Step(12, restoring.accounts))
        STEPS.register("money", Step(40, restoring.money))
        PERIODIC.register("payments", Periodic(task="payments.sweep", every=timedelta(minutes=1)))
        PERIODIC.register("refunds under way", Periodic(task="payments.refresh_refunds", every=timedelta(hours=1)))
        PERIODIC.register("instalments", Periodic(task="payments.instalments", every=timedelta(hours=1)))
