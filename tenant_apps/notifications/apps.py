from django.apps import AppConfig

from shared_apps.outbox.listeners import LISTENERS


class NotificationsConfig(AppConfig):
    name = "tenant_apps.notifications"

    def ready(self) -> None:
        from tenant_apps.notifications import families

        for kind, listener in families.LISTENERS.items():
            LISTENERS.register(kind, listener)
