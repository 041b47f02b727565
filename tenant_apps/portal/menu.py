"""What every page of an organisation shows of the visitor's basket."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from kernel.kept import kept
from tenant_apps.families import queries as families
from tenant_apps.portal import visitor
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import PENDING


def basket_count(request: HttpRequest) -> int:
    """How many lines wait in the visitor's basket; no query for who has never had one."""
    guardian = visitor.basket_owner(request) if hasattr(request, "session") and hasattr(request, "user") else None
    if guardian is None:
        return 0
    return len(_lines(guardian.id))


@kept
def _lines(guardian_id: UUID) -> QuerySet[Registration, UUID]:
    open_basket = Registration.objects.filter(
        basket__guardian_id=guardian_id, basket__closed_at=None, status__in=PENDING
    )
    shown = open_basket.exclude(participant_id__in=families.hidden_from(guardian_id))
    return shown.order_by().values_list("id", flat=True)
