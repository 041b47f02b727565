from django.apps import AppConfig
from django.urls import reverse


class OfficeConfig(AppConfig):
    name = "tenant_apps.office"

    def ready(self) -> None:
        from billing.limits import USED
        from shared_apps.accounts import access
        from tenant_apps.families import on_behalf
        from tenant_apps.office.counter import standing
        from tenant_apps.office.establishments import uses
        from tenant_apps.office.subscription import using
        from tenant_apps.organisation import limits
        from tenant_apps.organisation.establishments import USES

        access.HOMES.register("office", lambda request: reverse("office:home") if access.member_of(request) else None)
        USES.register("participants", uses.participants_of)
        on_behalf.RULES.register("office", standing.allows)
        on_behalf.READERS.register("office", standing.reads_health)
        USED.register("staff", limits.staff)
        USED.register("establishments", limits.establishments)
        USED.register("own_domains", using.own_domains)
