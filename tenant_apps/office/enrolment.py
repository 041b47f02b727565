"""How many take part in an offering, how many orders that is and how much they take: three figures, not one."""

from django.db.models import Count, Q, QuerySet, Sum

from tenant_apps.catalog.models import Offering
from tenant_apps.office.scope import Scope
from tenant_apps.registrations.models import Status


def counted(offerings: QuerySet[Offering], scope: Scope) -> QuerySet[Offering]:
    """With `participants`, `orders_placed` and `pieces`, of what the member sees and is confirmed."""
    seen = Q(options__registrations__in=scope.registrations(), options__registrations__status=Status.CONFIRMED)
    return offerings.annotate(
        participants=Count("options__registrations__participant", filter=seen, distinct=True),
        orders_placed=Count("options__registrations__basket", filter=seen, distinct=True),
        pieces=Sum("options__registrations__quantity", filter=seen, default=0),
    )
