"""What is left to be paid later: laid down with its day, moved by staff, and asked of the family again."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from shared_apps.outbox import operations as outbox
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments.errors import NothingOwed, OrderGone
from tenant_apps.payments.models import Instalment, InstalmentStatus
from tenant_apps.payments.operations import instalments
from tenant_apps.payments.operations.receive import conclude
from tenant_apps.payments.terms import Due

REMINDED = "orders.reminded"
_ONCE_A_DAY = timedelta(days=1)


class NotLater(Refusal):
    code = "not_later"
    message = _("L’organisation ne permet pas de payer plus tard.")


class RemindedToday(Refusal):
    code = "reminded_today"
    message = _("Cette famille a déjà reçu un rappel depuis hier. Un seul par jour suffit.")


class DayGone(Refusal):
    code = "day_gone"
    message = _("Choisissez aujourd’hui ou un jour à venir.")


class TakenSooner(Refusal):
    """The family agreed to the day on which its card is asked."""

    code = "taken_sooner"
    message = _("Ce versement est prélevé sur la carte de la famille\u202f: son jour ne peut pas être avancé.")


class NotDueAnyMore(Refusal):
    code = "not_due_any_more"
    message = _("Ce versement est payé, annulé ou en cours de prélèvement\u202f: sa date ne change plus.")


@operation
def register_unpaid(*, order_id: UUID, actor: Actor, at: datetime) -> Order:
    """Settle an order without money: its places are had, and all that is unpaid of it is due later (S2-23, S2-24).

    Its family is told what is owed and until when. Raises NotLater where the rules have nobody pay later, and OrderGone
    where it was let go at this moment.
    """
    order = Order.objects.get(pk=order_id)
    if order.status == OrderStatus.OPEN:
        # What of it was to be paid at once, though it is not: agreed as something else than later.
        if order.first_cents:
            raise NotLater
        conclude(order=order, at=at, actor=actor)
        order.refresh_from_db()
        if order.status == OrderStatus.CANCELLED:
            raise OrderGone
        if ledger.balance_of_order(order.id) > 0:
            _tell(order.id, at)
    return order


def lay_rest(*, order_id: UUID, at: datetime) -> None:
    """What is owed and has no day is due as what is paid later, as the rest of what was agreed to be paid in full."""
    laid = Instalment.objects.filter(order_id=order_id)
    waiting = laid.filter(status__in=instalments.OPEN).aggregate(cents=Sum("left_cents"))["cents"] or 0
    rest = ledger.balance_of_order(order_id) - waiting
    if rest <= 0:
        return
    profile = organisation.profile()
    today = at.astimezone(profile.zone).date()
    on = today + timedelta(days=read_rules(profile.rules).paying.later_days)
    instalments.lay(Order.objects.get(pk=order_id), [Due(on, rest)], today=today, after=laid.count())


@operation
def change_due(*, instalment_id: UUID, on: date, actor: Actor, at: datetime) -> None:
    """Give an instalment another day. One whose card was refused has until that day, and is not asked of it again.

    What is taken from the family's card is never taken before the day that it was told of.
    Raises DayGone, TakenSooner or NotDueAnyMore.
    """
    if on < at.astimezone(organisation.profile().zone).date():
        raise DayGone
    movable = Instalment.objects.filter(pk=instalment_id, left_cents__gt=0)
    movable = movable.filter(status__in=(InstalmentStatus.DUE, InstalmentStatus.FAILED))
    before = movable.values("order_id", "due_on", "status", "is_automatic").first()
    if before is None:
        raise NotDueAnyMore
    if before["is_automatic"] and on < before["due_on"]:
        raise TakenSooner
    moved = movable.filter(due_on=before["due_on"], status=before["status"])
    if before["status"] == InstalmentStatus.FAILED:
        is_moved = moved.update(due_on=on, grace_until=on, try_at=None)
    else:
        is_moved = moved.update(due_on=on, told_at=None)
    if not is_moved:
        raise NotDueAnyMore
    audit.record(
        action="instalments.moved",
        subject="order",
        subject_id=before["order_id"],
        actor=actor,
        at=at,
        details={"instalment": str(instalment_id), "from": before["due_on"].isoformat(), "to": on.isoformat()},
    )


@operation
def remind(*, order_id: UUID, actor: Actor, at: datetime) -> None:
    """Write to the family what it still owes, once a day at most. Raises NothingOwed or RemindedToday."""
    lock_one(Order.objects.filter(pk=order_id))
    if ledger.balance_of_order(order_id) <= 0:
        raise NothingOwed
    if last_reminded([order_id]).get(order_id, at - _ONCE_A_DAY) > at - _ONCE_A_DAY:
        raise RemindedToday
    audit.record(action=REMINDED, subject="order", subject_id=order_id, actor=actor, at=at)
    _tell(order_id, at)


def last_reminded(order_ids: list[UUID]) -> dict[UUID, datetime]:
    """When each of them was last reminded of, where it was."""
    reminded = Entry.objects.filter(action=REMINDED, subject="order", subject_id__in=order_ids).order_by("at", "id")
    return {order_id: at for order_id, at in reminded.values_list("subject_id", "at") if order_id is not None}


def _tell(order_id: UUID, at: datetime) -> None:
    outbox.tell(kind="orders.owed", payload={"order": str(order_id), "key": at.isoformat()}, at=at)
