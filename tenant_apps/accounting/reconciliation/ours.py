"""What we know of the movements that the processor names: read for many at once, after they were read there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from billing.gateway.books import CHARGE, DISPUTE, REFUND, REFUND_BACK, Cause, Movement
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Means, Payment, Refund


@dataclass(frozen=True, slots=True)
class Ours:
    """`payees`: those that the account pays; what names no payment is of the first one."""

    payees: Sequence[Payee]
    payments: dict[UUID, Payment]
    by_intent: dict[str, Payment]
    refunds: dict[UUID, Refund]
    by_processor_id: dict[str, Refund]
    entered: dict[str, int]

    def payment_of(self, cause: Cause) -> Payment | None:
        """Not one that another intent has paid: money taken twice is not twice the same money."""
        found = self.by_intent.get(cause.intent_id) or self.payments.get(_uuid(cause.name("payment")))
        return found if found and found.intent_id in ("", cause.intent_id) else None

    def refund_of(self, cause: Cause) -> Refund | None:
        found = self.by_processor_id.get(cause.id) or self.refunds.get(_uuid(cause.name("refund")))
        return found if found and found.processor_id in ("", cause.id) else None

    def payee_id_of(self, movement: Movement) -> UUID:
        cause = movement.cause
        if cause and movement.kind in (REFUND, REFUND_BACK) and (refund := self.refund_of(cause)):
            return refund.payment.order.payee_id
        payment = self.payment_of(cause) if cause and movement.kind in (CHARGE, DISPUTE) else None
        return payment.order.payee_id if payment else self.payees[0].id


def read(payees: Sequence[Payee], movements: Sequence[Movement]) -> Ours:
    """Three queries for the lot."""
    causes = [movement.cause for movement in movements if movement.cause]
    payments = _payments(payees, causes)
    refunds = _refunds(payees, causes)
    return Ours(
        payees=payees,
        payments={payment.id: payment for payment in payments},
        by_intent={payment.intent_id: payment for payment in payments if payment.intent_id},
        refunds={refund.id: refund for refund in refunds},
        by_processor_id={refund.processor_id: refund for refund in refunds if refund.processor_id},
        entered=entered(sources(movements, refunds)),
    )


def sources(movements: Iterable[Movement], refunds: Iterable[Refund]) -> list[str]:
    """The names under which the ledger may have what the movements say."""
    found = [f"refund:{refund.id}:{what}" for refund in refunds for what in ("paid", "returned")]
    for movement in movements:
        found += [f"{name}:{movement.id}" for name in ("fee", "unclaimed", "claimed")]
        found.append(f"fee:{movement.id}:platform")
        if movement.cause:
            found += [f"payout:{movement.cause.id}", f"payout:{movement.cause.id}:returned"]
            found += [f"dispute:{movement.cause.id}:{what}" for what in ("withdrawn", "reinstated")]
    return found


def entered(names: Sequence[str]) -> dict[str, int]:
    """By source, what our account at the processor gained by it in the ledger."""
    rows = Transfer.objects.filter(source__in=names).order_by().values_list("source", "debit", "amount_cents")
    return {source: cents if debit == Account.PROCESSOR else -cents for source, debit, cents in rows}


def _payments(payees: Sequence[Payee], causes: Sequence[Cause]) -> list[Payment]:
    named = {key for cause in causes if (key := _uuid(cause.name("payment")))}
    intents = {cause.intent_id for cause in causes if cause.intent_id}
    rows = Payment.objects.filter(Q(pk__in=named) | Q(intent_id__in=intents), means=Means.ONLINE)
    return list(rows.filter(order__payee__in=payees).select_related("order"))


def _refunds(payees: Sequence[Payee], causes: Sequence[Cause]) -> list[Refund]:
    named = {key for cause in causes if (key := _uuid(cause.name("refund")))}
    rows = Refund.objects.filter(Q(pk__in=named) | Q(processor_id__in=[cause.id for cause in causes]))
    return list(rows.filter(payment__order__payee__in=payees).select_related("payment__order"))


def _uuid(text: str) -> UUID:
    """Anybody may write anything in the processor's books: what is no name of ours is nobody's."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
