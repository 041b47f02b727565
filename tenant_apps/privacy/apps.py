from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic
from shared_apps.outbox.listeners import LISTENERS


class PrivacyConfig(AppConfig):
    name = "tenant_apps.privacy"

    def ready(self) -> None:
        from tenant_apps.privacy import erasure, restoring
        from tenants.restoring.rooms import STEPS, Step

        for kind, listener in erasure.LISTENERS.items():
            LISTENERS.register(kind, listener)
        STEPS.register("erasures", Step(30, restoring.erasures))
        STEPS.register("retention", Step(60, restoring.terms))
        PERIODIC.register("retention", Periodic(task="privacy.let_go", every=timedelta(hours=6)))
        PERIODIC.register("keys", Periodic(task="privacy.reseal", every=timedelta(hours=1)))
