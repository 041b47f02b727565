"""Where an entry of the price tables is named: what is used is not taken away."""

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from tenant_apps.catalog.models import Offering, Status
from tenant_apps.entitlements.models import Entitlement
from tenant_apps.entitlements.models import Status as Decision

_OF_ENTITLEMENTS = {"income_bands": "income", "subsidies": "subsidy"}


def offerings_with(section: str, key: str) -> QuerySet[Offering]:
    """Those that are not archived. A tax is chosen by its classes: no offering names it."""
    living = Offering.objects.exclude(status=Status.ARCHIVED)
    if section == "taxes":
        return living.none()
    if section == "families":
        return living.filter(pricing__family=key)
    # A rule may name it anywhere in what it says.
    return living.annotate(prices=Cast("pricing", TextField())).filter(prices__contains=f'"{key}"')


def is_granted(section: str, key: str) -> bool:
    kind = _OF_ENTITLEMENTS.get(section)
    asked = Entitlement.objects.filter(kind=kind, key=key, status__in=[Decision.ASKED, Decision.GRANTED])
    return kind is not None and asked.exists()
