"""How far an order was paid once a payment had come: what it paid of the instalments, and what is due when."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.payments.models import Instalment, Means, Payment, Status
from tenant_apps.payments.papers import ended


@dataclass(frozen=True, slots=True)
class Coming:
    """What is still due of an order on a day; `is_automatic`: taken from the card that was kept."""

    position: int
    on: date
    cents: int
    is_automatic: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """`paid_before`: cents, the credit that was spent with this payment apart; `share`: « 2 of 3 », where it is one."""

    paid_before: int
    credit_cents: int
    left_cents: int
    share: tuple[int, int] | None
    coming: tuple[Coming, ...]


def after(payment: Payment) -> Progress:
    """As things stood when the payment came: the same receipt says the same at any later day."""
    order, moment = payment.order, ended(payment)
    others = [each for each in order.payments.all() if each.pk != payment.pk and _stood(each, moment)]
    with_it = [each for each in others if ended(each) == moment and each.means == Means.CREDIT]
    before = [each for each in others if each not in with_it and ended(each) <= moment]
    paid_before = sum(each.amount_cents for each in before)
    credit_cents = sum(each.amount_cents for each in with_it)
    left_cents = _left(order, moment)
    instalments = list(order.instalments.all())
    paid = paid_before + credit_cents + payment.amount_cents
    return Progress(
        paid_before=paid_before,
        credit_cents=credit_cents,
        left_cents=left_cents,
        share=_share(_agreed(instalments, order.total_cents), paid_before, paid),
        coming=tuple(_coming(instalments, paid, left_cents)),
    )


def _stood(payment: Payment, moment: datetime) -> bool:
    """Not one that had been found by then to be another order's money."""
    back = (each.requested_at <= moment for each in payment.refunds.all() if each.is_in_books_alone)
    return payment.status == Status.SUCCEEDED and not any(back)


def _left(order: Order, moment: datetime) -> int:
    entered = [each for each in ledger.transfers_of(order.pk) if each.at <= moment]
    debits = sum(each.amount_cents for each in entered if each.debit == Account.RECEIVABLE)
    return max(debits - sum(each.amount_cents for each in entered if each.credit == Account.RECEIVABLE), 0)


def _agreed(instalments: list[Instalment], total: int) -> list[Instalment]:
    """What was laid since, as for what a bank took back, comes behind what makes the whole."""
    ends = accumulate(each.amount_cents for each in instalments)
    return [each for each, end in zip(instalments, ends, strict=True) if end <= total]


def _share(instalments: list[Instalment], before: int, paid: int) -> tuple[int, int] | None:
    """Which one it paid, where it is one of several and exactly that."""
    end = 0
    for number, instalment in enumerate(instalments, start=1):
        start, end = end, end + instalment.amount_cents
        if (start, end) == (before, paid) and len(instalments) > 1:
            return number, len(instalments)
    return None


def _coming(instalments: list[Instalment], paid: int, left: int) -> list[Coming]:
    """What no payment has reached, and what of it was still owed."""
    found, end = [], 0
    for instalment in instalments:
        end += instalment.amount_cents
        cents = min(instalment.amount_cents, end - paid, left)
        if cents > 0:
            left -= cents
            found.append(Coming(instalment.position, instalment.due_on, cents, instalment.is_automatic))
    return found
