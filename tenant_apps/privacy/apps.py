from django.apps import AppConfig

from shared_apps.outbox.listeners import LISTENERS


class PrivacyConfig(AppConfig):
    name = "tenant_apps.privacy"

    def ready(self) -> None:
        from tenant_apps.privacy import erasure

        for kind, listener in erasure.LISTENERS.items():
            LISTENERS.register(kind, listener)
