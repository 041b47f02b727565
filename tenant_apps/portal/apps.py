from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "tenant_apps.portal"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed
        from django.contrib.auth.signals import user_logged_out

        from shared_apps.accounts.views import GIVEN_EMAIL
        from tenant_apps.catalog import showing
        from tenant_apps.organisation import context
        from tenant_apps.portal import acting, before_opening, helped, menu, screens, visitor
        from tenant_apps.portal.views import offering, statements

        context.ADDITIONS.register("basket_count", menu.basket_count)
        context.ADDITIONS.register("acting_for", acting.acting_of)
        context.ADDITIONS.register("helped_by", helped.helped_by)
        context.ADDITIONS.register("data_place", statements.data_place)
        context.ADDITIONS.register("opens_later", before_opening.opens_later)
        context.ADDITIONS.register("screen_code", screens.code_of)
        screens.register_all()
        user_logged_out.connect(acting.on_signed_out)
        showing.PAGES.register("page", offering.body)
        GIVEN_EMAIL.register("guest", visitor.guest_email)
        email_confirmed.connect(visitor.on_email_confirmed)
