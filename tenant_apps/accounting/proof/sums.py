"""What the ledger says of each payee, order and family must be what their own rows come to."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.db.models import F, Q, Sum

from tenant_apps.accounting.proof.faults import Fault
from tenant_apps.families.models import Guardian
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order, Transfer
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Instalment, Means, Payment, Refund, Status
from tenant_apps.payments.operations.instalments import OPEN

Sums = Counter[UUID]


def check() -> Iterator[Fault]:
    yield from _of_payees()
    yield from _strangers()
    yield from _of_orders()
    yield from _of_credits()


def _of_payees() -> Iterator[Fault]:
    for payee in Payee.objects.order_by("name"):
        total = sum(ledger.totals(payee.id).values())
        if total:
            yield Fault("the ledger of a payee sums to zero", payee.name, 0, total)


def _strangers() -> Iterator[Fault]:
    rows = Transfer.objects.exclude(order=None).exclude(payee=F("order__payee"), currency=F("order__currency"))
    for source, cents in rows.values_list("source", "amount_cents"):
        yield Fault("a row is of its order's payee and currency", source, 0, cents)


def _of_orders() -> Iterator[Fault]:
    """Owed: sold, less paid, plus what goes back and what the payers' banks took. Later parts are of what is owed."""
    sold, owed = _receivable(_SOLD), _receivable(Q())
    lost = _receivable(Q(source__startswith="dispute:"))
    paid = _sums(Payment.objects.filter(status=Status.SUCCEEDED).values_list("order_id"))
    back = _sums(Refund.objects.filter(replaces=None).values_list("payment__order_id"))
    left = _sums(Instalment.objects.filter(status__in=OPEN).values_list("order_id"), "left_cents")
    for key, reference, status, total in Order.objects.order_by("placed_at").values_list(
        "id", "reference", "status", "total_cents"
    ):
        expected = sold[key] - paid[key] + back[key] + lost[key]
        if owed[key] != expected:
            yield Fault("an order owes what was sold less what was paid", f"order {reference}", expected, owed[key])
        most = total if status == OrderStatus.OPEN else max(owed[key], 0)
        if left[key] > most:
            yield Fault("no more is due later than is owed", f"order {reference}", most, left[key])
        if sold[key] and status != OrderStatus.SETTLED:
            yield Fault("only a settled order is sold", f"order {reference}", 0, sold[key])


def _of_credits() -> Iterator[Fault]:
    """A family has no less than nothing, and no less than what its open orders reserve."""
    same = {key: into or key for key, into in Guardian.objects.values_list("id", "merged_into_id")}
    had: Counter[tuple[UUID, UUID]] = Counter()
    for side, sign in (("credit", 1), ("debit", -1)):
        rows = Transfer.objects.filter(**{side: Account.CREDIT}).order_by().values_list("guardian_id", "payee_id")
        for guardian, payee, cents in rows.annotate(cents=Sum("amount_cents")):
            had[same.get(guardian, guardian), payee] += sign * cents
    reserved = Payment.objects.filter(means=Means.CREDIT, status=Status.STARTED).order_by()
    waiting: Counter[tuple[UUID, UUID]] = Counter()
    for guardian, payee, cents in reserved.values_list("order__guardian_id", "order__payee_id", "amount_cents"):
        waiting[same.get(guardian, guardian), payee] += cents
    for key in sorted({*had, *waiting}, key=str):
        if had[key] < waiting[key]:
            yield Fault("a family's credit covers what it reserves", f"guardian {key[0]}", waiting[key], had[key])


_SOLD = Q(debit__in=ledger.SOLD) | Q(credit__in=ledger.SOLD)


def _receivable(of: Q) -> Sums:
    """By order, what these rows added to what it owes."""
    found: Sums = Counter()
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = Transfer.objects.filter(of, **{side: Account.RECEIVABLE}).order_by().values_list("order_id")
        for order_id, cents in rows.annotate(cents=Sum("amount_cents")):
            found[order_id] += sign * cents
    return found


def _sums(rows: object, field: str = "amount_cents") -> Sums:
    return Counter(dict(rows.order_by().annotate(cents=Sum(field))))  # type: ignore[attr-defined]
