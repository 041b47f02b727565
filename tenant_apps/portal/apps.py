from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tenant_apps.portal"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed

        from shared_apps.accounts.views import GIVEN_EMAIL
        from tenant_apps.catalog import showing
        from tenant_apps.organisation import context
        from tenant_apps.portal import menu, visitor
        from tenant_apps.portal.views import offering

        context.ADDITIONS.register("basket_count", menu.basket_count)
        showing.PAGES.register("page", offering.body)
        GIVEN_EMAIL.register("guest", visitor.guest_email)
        email_confirmed.connect(visitor.on_email_confirmed)
