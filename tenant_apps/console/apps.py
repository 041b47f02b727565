from django.apps import AppConfig
from django.urls import reverse


class ConsoleConfig(AppConfig):
    name = "tenant_apps.console"

    def ready(self) -> None:
        from shared_apps.accounts import access

        access.HOMES.register(
            "console", lambda request: reverse("console:organisations") if access.is_operations(request) else None
        )
