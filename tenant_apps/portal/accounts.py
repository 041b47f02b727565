"""The accounts of a family, one per order: what is owed of each, what is due when, and what went wrong."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from tenant_apps.families.models import Guardian
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order, Status
from tenant_apps.payments import queries as payments
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment, Receipt
from tenant_apps.payments.models import Status as PaymentStatus
from tenant_apps.payments.operations.instalments import OPEN
from tenant_apps.portal import concealing
from tenant_apps.portal.concealing import ShownOrder


@dataclass(frozen=True)
class Account:
    """`balance_cents` is what the ledger says is owed; below zero, what is owed to the family."""

    shown: ShownOrder
    balance_cents: int
    today: date

    @property
    def order(self) -> Order:
        return self.shown.order

    @property
    def owed_back_cents(self) -> int:
        return max(-self.balance_cents, 0)

    @property
    def instalments(self) -> list[Instalment]:
        return list(self.order.instalments.all())

    @property
    def coming(self) -> list[Instalment]:
        return [each for each in self.instalments if each.status in OPEN and each.left_cents]

    @property
    def next(self) -> Instalment | None:
        return next(iter(self.coming), None)

    @property
    def is_processing(self) -> bool:
        return any(each.status == PaymentStatus.PROCESSING for each in self.order.payments.all())

    @property
    def state(self) -> str:
        """« waits »: for a payment without which nothing is had; « late »: refused, or the day has gone by."""
        if self.order.status == Status.OPEN:
            return "processing" if self.is_processing else "waits"
        if self.balance_cents <= 0:
            return "paid" if self.balance_cents == 0 else "back"
        if self.is_processing:
            return "processing"
        is_late = any(each.status == InstalmentStatus.FAILED or each.due_on < self.today for each in self.coming)
        return "late" if is_late else "owed"

    @property
    def payments(self) -> list[Payment]:
        """Those that came or are coming, the first first."""
        told = (PaymentStatus.SUCCEEDED, PaymentStatus.PROCESSING)
        return [each for each in self.order.payments.all() if each.status in told]

    @property
    def receipts(self) -> list[Receipt]:
        """Those that stand."""
        return [receipt for payment in self.payments if (receipt := payment.receipt)]


def orders_of(guardian_id: UUID) -> QuerySet[Order]:
    """An order that was let go before anything was paid is no account."""
    orders = payments.orders_of(guardian_id).exclude(status=Status.CANCELLED)
    return orders.prefetch_related("instalments")


def of_orders(orders: Iterable[Order], guardian_id: UUID, *, today: date) -> list[Account]:
    """Two queries more, however many orders there are."""
    shown = concealing.shown(orders, guardian_id)
    balances = ledger.balances_of_orders([each.order.pk for each in shown])
    return [Account(each, balances[each.order.pk], today) for each in shown]


def of_order(order: Order, *, today: date) -> Account:
    shown = ShownOrder(order, concealing.hidden_in(order))
    return Account(shown, ledger.balance_of_order(order.pk), today)


def asked_at_once(order: Order, *, today: date) -> list[Instalment]:
    """What a new card for the order is asked without waiting: all that was refused of that family and payee."""
    same = Instalment.objects.filter(order__guardian=order.guardian_id, order__payee=order.payee_id)
    refused = same.filter(status=InstalmentStatus.FAILED, is_automatic=True, due_on__lte=today, left_cents__gt=0)
    return list(refused.filter(order__status=Status.SETTLED))


@dataclass(frozen=True, slots=True)
class Owed:
    """Over all the orders of a family. `next_cents`: all that is due like the next part, the same day or refused too.

    `waiting`: the orders that are lost if they are not paid."""

    cents: int
    next: Instalment | None
    next_cents: int
    waiting: list[Order]

    @property
    def transfer(self) -> Order | None:
        """The first of them that a transfer may pay: its account says how."""
        return next((order for order in self.waiting if order.communication), None)


def owed_by(guardian: Guardian) -> Owed:
    orders = Order.objects.filter(guardian=guardian).exclude(status=Status.CANCELLED).order_by("placed_at")
    balances = ledger.balances_of_orders([order.pk for order in orders])
    coming = list(coming_of(guardian))
    first = next(iter(coming), None)
    return Owed(
        next_cents=sum(each.left_cents for each in coming if first and _is_alike(each, first)),
        cents=sum(cents for cents in balances.values() if cents > 0),
        next=first,
        waiting=[order for order in orders if order.status == Status.OPEN],
    )


def _is_alike(part: Instalment, first: Instalment) -> bool:
    if first.status == InstalmentStatus.FAILED:
        return part.status == InstalmentStatus.FAILED
    return (part.due_on, part.status) == (first.due_on, first.status)


def coming_of(guardian: Guardian) -> QuerySet[Instalment]:
    """What is due of what it has, the first first."""
    due = Instalment.objects.filter(order__guardian=guardian, order__status=Status.SETTLED, status__in=OPEN)
    return due.filter(left_cents__gt=0).select_related("order__payee").order_by("due_on", "order_id", "position")
