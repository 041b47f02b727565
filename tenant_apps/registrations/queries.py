"""Questions about baskets, registrations and places."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet, Sum

from kernel import clock
from tenant_apps.registrations.models import Basket, Places, Registration, Status
from tenant_apps.registrations.states import PENDING


def places_left(option_ids: Iterable[UUID], *, at: datetime | None = None) -> dict[UUID, int | None]:
    """Places left by option; None where they are unlimited. A hold that ran out counts as free."""
    wanted = list(option_ids)
    lapsed: Counter[UUID] = Counter()
    for row in (
        Registration.objects.filter(option_id__in=wanted, status=Status.HELD, held_until__lte=at or clock.now())
        .values("option_id")
        .annotate(places=Sum("quantity"))
        .order_by()
    ):
        lapsed[row["option_id"]] = row["places"]
    return {
        row.option_id: None if row.capacity is None else max(row.capacity - row.taken + lapsed[row.option_id], 0)
        for row in Places.objects.filter(option_id__in=wanted)
    }


def open_basket_of(guardian_id: UUID) -> Basket | None:
    return Basket.objects.filter(guardian_id=guardian_id, closed_at=None).first()


def basket_lines(basket_id: UUID) -> list[Registration]:
    """What the basket holds, with all that a page shows of it."""
    return list(_with_names(Registration.objects.filter(basket_id=basket_id, status__in=PENDING)))


def registrations_of(guardian_id: UUID) -> QuerySet[Registration]:
    """All that was ever confirmed for this guardian, newest first."""
    return _with_names(
        Registration.objects.filter(basket__guardian_id=guardian_id).exclude(confirmed_at=None)
    ).order_by("-confirmed_at", "-id")


def _with_names(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    return registrations.select_related("participant", "option__offering__payee", "submission__sealed", "consent")
