from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tenant_apps.portal"

    def ready(self) -> None:
        from tenant_apps.organisation import context
        from tenant_apps.portal import menu

        context.ADDITIONS.register("basket_count", menu.basket_count)
