"""Money that staff receive: cash, cheques, the terminal of the counter, a transfer that they saw come in."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kernel.database import unique
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.paying import Paying
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments.attempts import next_attempt
from tenant_apps.payments.errors import NothingOwed, OrderGone
from tenant_apps.payments.models import Means, Payment, RefundMeans, Status
from tenant_apps.payments.operations.cancel import cancel_payments_of
from tenant_apps.payments.operations.later import lay_rest
from tenant_apps.payments.operations.receive import receive as enter_received
from tenant_apps.payments.rounding import in_coins

COUNTER = (Means.CASH, Means.CHEQUE, Means.TERMINAL, Means.TRANSFER)


class MeansRefused(Refusal):
    code = "means_refused"
    message = gettext_lazy("L’organisation n’accepte pas ce moyen de paiement au comptoir.")


class TooMuch(Refusal):
    code = "too_much"
    message = gettext_lazy("C’est plus que ce qui est dû. Corrigez le montant, ou gardez le surplus en crédit.")


class TooLittle(Refusal):
    code = "too_little"
    message = gettext_lazy("Le premier versement doit être payé pour que les places soient acquises.")


class NoSuchCoins(Refusal):
    code = "no_such_coins"
    message = gettext_lazy("Cette somme ne peut pas être remise en espèces\u202f: arrondissez-la à la pièce.")


class ReceivedMeanwhile(Refusal):
    code = "received_meanwhile"
    message = gettext_lazy("Un autre paiement vient d’être enregistré pour cette commande. Relisez le solde.")


@dataclass(frozen=True, slots=True)
class Received:
    """What is on the counter: `cents` is what is kept of it, in coins for cash.

    `reference`: the number of the cheque, or what the terminal or the bank says.
    """

    means: str
    cents: int
    received_on: date
    reference: str = ""
    keeps_surplus: bool = False


def receive(*, order_id: UUID, payment_id: UUID, received: Received, actor: Actor, at: datetime) -> Payment:
    """Enter money received by staff, once for each `payment_id`, however often its form is sent.

    An order that waits is settled by it. No page stays open on which the same would be paid again.
    Raises MeansRefused, OrderGone, NothingOwed, TooMuch, TooLittle, NoSuchCoins, ReceivedMeanwhile,
    AlreadyPaid, ChargeUnderWay or PaymentUnavailable.
    """
    if entered := _entered(payment_id, order_id):
        return entered
    order = Order.objects.get(pk=order_id)
    rules = read_rules(organisation.profile().rules).paying
    if received.means not in COUNTER or received.means not in rules.counter:
        raise MeansRefused
    cancel_payments_of([order], at=at)
    try:
        return _receive(order_id=order_id, payment_id=payment_id, received=received, rules=rules, actor=actor, at=at)
    except Refusal:
        # What took its attempt, or left nothing due, may be the same form sent at the same instant.
        if entered := _entered(payment_id, order_id):
            return entered
        raise


def due(order: Order) -> int:
    """Cents that may still be received for the order: of one that waits, what the family's credit does not pay."""
    if order.status == OrderStatus.CANCELLED:
        return 0
    if order.status == OrderStatus.SETTLED:
        return max(ledger.balance_of_order(order.id), 0)
    reserved = Payment.objects.filter(order=order, means=Means.CREDIT, status=Status.STARTED)
    return order.total_cents - (reserved.aggregate(sum=Sum("amount_cents"))["sum"] or 0)


@operation
def _receive(
    *, order_id: UUID, payment_id: UUID, received: Received, rules: Paying, actor: Actor, at: datetime
) -> Payment:
    # Before the balance is read: who received something else in between has taken this attempt.
    attempt = next_attempt(order_id)
    order = Order.objects.select_related("payee", "guardian").get(pk=order_id)
    if order.status == OrderStatus.CANCELLED:
        raise OrderGone
    paid, rounding = _paid(order, received, rules)
    with unique(ReceivedMeanwhile):
        payment = Payment.objects.create(
            id=payment_id,
            order=order,
            attempt=attempt,
            means=received.means,
            amount_cents=paid,
            rounding_cents=rounding,
            currency=order.currency,
            method=_method(received, order.language),
            reference=received.reference,
            received_on=received.received_on,
            recorded_by=actor.user_id,
            started_at=at,
        )
    enter_received(payment=payment, at=at, actor=actor, surplus=RefundMeans.CREDIT if received.keeps_surplus else None)
    lay_rest(order_id=order.id, at=at)
    audit.record(
        action="payments.received_by_staff",
        subject="payment",
        subject_id=payment.id,
        actor=actor,
        at=at,
        details={"means": received.means, "cents": paid, "rounding_cents": rounding},
    )
    payment.refresh_from_db()
    return payment


def _paid(order: Order, received: Received, rules: Paying) -> tuple[int, int]:
    """What it takes off what is owed, and what was received beyond that in coins, or less."""
    owed, step = due(order), rules.cash_step_cents
    if owed <= 0 or received.cents <= 0:
        raise NothingOwed
    is_cash = received.means == Means.CASH
    asked = in_coins(owed, step) if is_cash else owed
    if received.cents > asked and not received.keeps_surplus:
        raise TooMuch
    if is_cash and received.cents != asked and received.cents % step:
        raise NoSuchCoins
    rounding = asked - owed if received.cents >= asked else 0
    paid = received.cents - rounding
    if order.status == OrderStatus.OPEN and paid < order.first_cents and rules.later == "nobody":
        raise TooLittle
    return paid, rounding


def _entered(payment_id: UUID, order_id: UUID) -> Payment | None:
    return Payment.objects.filter(pk=payment_id, order_id=order_id, status=Status.SUCCEEDED).first()


def _method(received: Received, language: str) -> str:
    """As the receipt says it."""
    with override(language):
        if received.means == Means.CHEQUE:
            return (_("Chèque nº %(number)s") % {"number": received.reference})[:60]
        return str(Means(received.means).label)
