"""What only the whole of the processor's books can show: what they do not have, and whether they close with ours."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Sum, When

from billing.gateway import books
from tenant_apps.accounting.reconciliation.differences import Difference, Kind
from tenant_apps.accounting.reconciliation.looking import Look, look
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Means, Payment, Refund, RefundMeans, RefundStatus, Status

Expected = dict[UUID, Difference]


def look_at_all(*, account: str, payees: Sequence[Payee], at: datetime) -> Look:
    """Raises ProcessorUnavailable or ProcessorRefused."""
    # Read before theirs: what is ours by then must be there.
    payments, refunds = _paid(payees), _given_back(payees)
    seen = look(account=account, payees=payees, at=at)
    for difference in (
        *(difference for key, difference in payments.items() if key not in seen.payments),
        *(difference for key, difference in refunds.items() if key not in seen.refunds),
        *_refunded_otherwise(seen, payees),
    ):
        seen.add(difference)
    seen.balance = books.balance(account)
    # Money without an owner is in the ledger too; where an amount is another one, the sums cannot be the same.
    if all(difference.expected_cents is None for difference in seen.found.values()):
        for difference in _balances(payees, seen, at):
            seen.add(difference)
    return seen


def processor_balance(payees: Sequence[Payee]) -> dict[str, int]:
    """By currency, what our ledger says that the processor keeps for us."""
    gained = Case(When(debit=Account.PROCESSOR, then=F("amount_cents")), default=-F("amount_cents"))
    rows = Transfer.objects.filter(payee__in=payees).order_by()
    rows = rows.filter(debit=Account.PROCESSOR) | rows.filter(credit=Account.PROCESSOR)
    return dict(rows.values_list("currency").annotate(cents=Sum(gained)))


def _paid(payees: Sequence[Payee]) -> Expected:
    paid = Payment.objects.filter(order__payee__in=payees, means=Means.ONLINE, status=Status.SUCCEEDED)
    return {
        payment.id: Difference(
            kind=Kind.CHARGE,
            reference=payment.intent_id or str(payment.id),
            cents=0,
            expected_cents=payment.amount_cents,
            currency=payment.currency,
            at=payment.ended_at or payment.started_at,
            payee_id=payment.order.payee_id,
            payment_id=payment.id,
        )
        for payment in paid.select_related("order")
    }


def _given_back(payees: Sequence[Payee]) -> Expected:
    given = Refund.objects.filter(
        payment__order__payee__in=payees,
        payment__means=Means.ONLINE,
        means=RefundMeans.CARD,
        status=RefundStatus.SUCCEEDED,
    )
    return {
        refund.id: Difference(
            kind=Kind.REFUND,
            reference=refund.processor_id or str(refund.id),
            cents=0,
            expected_cents=-refund.amount_cents,
            currency=refund.payment.currency,
            at=refund.ended_at or refund.requested_at,
            payee_id=refund.payment.order.payee_id,
            payment_id=refund.payment_id,
        )
        for refund in given.select_related("payment__order")
    }


def _refunded_otherwise(seen: Look, payees: Sequence[Payee]) -> Iterator[Difference]:
    """A charge that says another sum went back of it than its refunds do."""
    unlike = {reference for _payee, _kind, reference in seen.found}
    for movement in seen.movements:
        cause = movement.cause
        if movement.kind != books.CHARGE or cause is None or cause.id in unlike:
            continue
        given = seen.given_back[cause.id]
        if cause.refunded_cents != given and cause.refunded_cents != given + _waiting(seen, cause.intent_id):
            yield Difference(
                kind=Kind.CHARGE,
                reference=cause.id,
                cents=-cause.refunded_cents,
                expected_cents=-given,
                currency=cause.currency,
                at=movement.at,
                payee_id=payees[0].id,
            )


def _waiting(seen: Look, intent_id: str) -> int:
    """Asked for and not yet in their balance, for want of money there."""
    waiting = Refund.objects.filter(payment__intent_id=intent_id, status=RefundStatus.PENDING)
    return waiting.exclude(pk__in=seen.refunds).aggregate(sum=Sum("amount_cents"))["sum"] or 0


def _balances(payees: Sequence[Payee], seen: Look, at: datetime) -> Iterator[Difference]:
    theirs, expected = seen.balance, processor_balance(payees)
    for currency in sorted({*theirs, *expected}):
        cents, should = theirs.get(currency, 0), expected.get(currency, 0) + seen.on_its_way[currency]
        if cents != should:
            yield Difference(
                kind=Kind.BALANCE,
                reference=currency,
                cents=cents,
                expected_cents=should,
                currency=currency,
                at=at,
                payee_id=payees[0].id,
            )
