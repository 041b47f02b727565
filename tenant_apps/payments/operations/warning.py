"""Says what is coming: a payment that is due soon, a card that runs out before it, a grace that has gone by (O-13)."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from kernel import clock
from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments.models import Instalment, InstalmentStatus


def warn(*, at: datetime) -> None:
    """Tell of each part once, a few days before it is due, or once for all where it was agreed later than that."""
    profile = organisation.profile()
    today = clock.local_date(at, profile.zone)
    until = today + timedelta(days=read_rules(profile.rules).paying.warn_days)
    untold = Q(status=InstalmentStatus.DUE, told_at=None, due_on__range=(today, until))
    coming = Instalment.objects.filter(untold, left_cents__gt=0, order__status=OrderStatus.SETTLED)
    for instalment_id in coming.order_by("due_on", "id").values_list("id", flat=True):
        _tell(kind="instalments.coming", instalment_id=instalment_id, where=untold, at=at)


def tell_of_lapsed_grace(*, at: datetime) -> None:
    """Tell the organisation's own people, once, of what no card paid and nobody paid otherwise. They decide."""
    zone = organisation.profile().zone
    today = clock.local_date(at, zone)
    lapsed = Q(status=InstalmentStatus.FAILED, try_at=None, grace_until__lt=today, left_cents__gt=0)
    for instalment in Instalment.objects.filter(lapsed):
        # What was said before that day was that the part was coming.
        ended = clock.end_of_day(instalment.grace_until or today, zone)
        untold = lapsed & (Q(told_at=None) | Q(told_at__lt=ended))
        _tell(kind="instalments.grace_over", instalment_id=instalment.id, where=untold, at=at)


def card_expires_before(order: Order) -> date | None:
    """The day of the first part that the card which is kept cannot pay any more; None where it lasts."""
    automatic = Instalment.objects.filter(order=order, is_automatic=True, left_cents__gt=0)
    days = automatic.filter(status__in=(InstalmentStatus.DUE, InstalmentStatus.FAILED)).order_by("due_on")
    return next((day for day in days.values_list("due_on", flat=True) if expires_before(order.card, day)), None)


def expires_before(card: dict[str, str], day: date) -> bool:
    """A card is good until the last day of its month."""
    if not card.get("expires"):
        return False
    year, month = map(int, card["expires"].split("-"))
    return date(year, month, monthrange(year, month)[1]) < day


@operation
def _tell(*, kind: str, instalment_id: UUID, where: Q, at: datetime) -> None:
    if Instalment.objects.filter(where, pk=instalment_id).update(told_at=at):
        outbox.tell(kind=kind, payload={"instalment": str(instalment_id)}, at=at)
