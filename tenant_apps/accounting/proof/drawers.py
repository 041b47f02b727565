"""Each deposit took to the bank the cheques that name it, and all deposits the cash that came, less what was given."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, Sum

from tenant_apps.accounting.proof.faults import Fault
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import drawer
from tenant_apps.payments.drawer import Deposit
from tenant_apps.payments.models import Means, Payment, Status

Sums = Counter[tuple[UUID, int]]


def check() -> Iterator[Fault]:
    names = dict(Payee.objects.values_list("id", "name"))
    slips = drawer.deposits(names)
    cheques, cash = _deposited(Means.CHEQUE), _deposited(Means.CASH)
    had: Sums = Counter({(slip.payee_id, slip.number): slip.cheques_cents for slip in slips})
    for payee_id, number in sorted({*had, *cheques}):
        expected, found = cheques[payee_id, number], had[payee_id, number]
        if expected != found:
            yield Fault("a deposit is its cheques", f"{names[payee_id]} {number:05}", expected, found)
    yield from _cash(names, slips, cash)


def _cash(names: dict[UUID, str], slips: list[Deposit], cash: Sums) -> Iterator[Fault]:
    """Every deposit takes all of it, so that only their sum is told: what was counted, less what was found beyond."""
    taken: Counter[UUID] = Counter()
    last: dict[UUID, datetime] = {}
    for slip in slips:
        taken[slip.payee_id] += slip.cash_cents - slip.difference_cents
        last[slip.payee_id] = max(slip.at, last.get(slip.payee_id, slip.at))
    came: Counter[UUID] = Counter()
    for (payee_id, _number), cents in cash.items():
        came[payee_id] += cents
    for payee_id in sorted({*taken, *came}, key=lambda each: names[each]):
        expected = came[payee_id] - (_given(payee_id, last[payee_id]) if payee_id in last else 0)
        if taken[payee_id] != expected:
            yield Fault("the deposits of a payee are its cash", names[payee_id], expected, taken[payee_id])


def _deposited(means: Means) -> Sums:
    """By payee and deposit, in coins."""
    paid = Payment.objects.filter(means=means, status=Status.SUCCEEDED).exclude(deposit=None).order_by()
    sums = paid.values_list("order__payee_id", "deposit").annotate(cents=Sum(F("amount_cents") + F("rounding_cents")))
    return Counter({(payee_id, number): cents for payee_id, number, cents in sums})


def _given(payee_id: UUID, until: datetime) -> int:
    """Cash that went back to families by the last deposit, less what of it came back."""
    rows = Transfer.objects.filter(Q(source__startswith="refund:") | Q(source__startswith="credit:"), at__lte=until)
    gone, back = (rows.filter(payee_id=payee_id, **{side: Account.CASH}) for side in ("credit", "debit"))
    return sum(
        sign * (found.aggregate(cents=Sum("amount_cents"))["cents"] or 0) for sign, found in ((1, gone), (-1, back))
    )
