"""What is due later of an order: laid down when it is placed, and never more than what is owed of it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, When

from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment, Status
from tenant_apps.payments.terms import Due

# Of these, something may still be asked.
OPEN = (InstalmentStatus.DUE, InstalmentStatus.CHARGING, InstalmentStatus.FAILED)


def lay(order: Order, dues: Sequence[Due], *, today: date, after: int = 0) -> None:
    """Write them down, behind so many."""
    Instalment.objects.bulk_create(
        Instalment(
            order=order,
            position=position,
            amount_cents=due.cents,
            left_cents=due.cents,
            due_on=due.on,
            is_automatic=due.is_automatic and due.on > today,
        )
        for position, due in enumerate(dues, start=after + 1)
    )


def cancel(order_ids: Sequence[UUID]) -> None:
    """Those of an order that is let go."""
    Instalment.objects.filter(order_id__in=order_ids, status__in=OPEN).update(status=InstalmentStatus.CANCELLED)


def take_up(*, order_id: UUID) -> None:
    """Money came after the order was let go: its instalments are due again, but for what could not be had any more.

    What is left of them shows that they were let go, and not paid or given up.
    """
    let_go = Instalment.objects.filter(order_id=order_id, status=InstalmentStatus.CANCELLED, left_cents__gt=0)
    if let_go.update(status=InstalmentStatus.DUE):
        _bring_down(_waiting(order_id), ledger.sold_of_order(order_id), last_first=True)


def fit(*, order_id: UUID, at: datetime, last_first: bool = False) -> None:
    """After money came, or less is owed: bring what is left of the instalments down to what the ledger says is owed.

    Money pays the one that it was asked for, then the one that is due first; what is given up is taken off the last
    one. The caller has locked the order.
    """
    if waiting := _waiting(order_id):
        _bring_down(waiting, max(ledger.balance_of_order(order_id), 0), last_first=last_first)


def _waiting(order_id: UUID) -> list[Instalment]:
    is_asked = Case(When(payment__status=Status.SUCCEEDED, then=0), default=1)
    return list(Instalment.objects.filter(order_id=order_id, status__in=OPEN).order_by(is_asked, "position"))


def _bring_down(waiting: Sequence[Instalment], to: int, *, last_first: bool) -> None:
    beyond = sum(each.left_cents for each in waiting) - to
    done = InstalmentStatus.CANCELLED if last_first else InstalmentStatus.PAID
    for instalment in reversed(waiting) if last_first else waiting:
        cents = min(beyond, instalment.left_cents)
        if cents <= 0:
            return
        beyond -= cents
        left = instalment.left_cents - cents
        status = InstalmentStatus(instalment.status) if left else done
        Instalment.objects.filter(pk=instalment.pk).update(left_cents=left, status=status)


def is_charging(payment: Payment) -> bool:
    """Whether it is of a card that is asked without a page: one that is kept, or that was given for several payees."""
    return payment.session_id is None and bool(payment.method)
