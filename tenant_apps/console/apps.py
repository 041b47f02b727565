from django.apps import AppConfig
from django.urls import reverse


class ConsoleConfig(AppConfig):
    name = "tenant_apps.console"

    def ready(self) -> None:
        from shared_apps.accounts import access
        from tenant_apps.console import arrival
        from tenants.provisioning import FAILURES, STEPS

        access.HOMES.register(
            "console", lambda request: reverse("console:organisations") if access.is_operations(request) else None
        )
        STEPS.register("arrival", arrival.begin)
        FAILURES.register("console", arrival.failed)
