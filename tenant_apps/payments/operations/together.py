"""One consent for several payees: the card is typed once, and each payee is paid on its own account (O-02, S3-19).

The family gives its card on a page of the platform that names every amount. Each order is then charged by a payment
of its own, named after the order and the page: however often the page is brought back, and by whomever, it asks for
each order once. What one bank refuses leaves the others paid.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import structlog
from django.db import IntegrityError
from django.db.models import Q, QuerySet

from billing import standing
from billing.gateway import intents, setups, shared_cards
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from billing.gateway.shared_cards import Consent
from kernel.database import connection, lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.organisation.paying import Paying
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments import fees
from tenant_apps.payments.attempts import next_attempt
from tenant_apps.payments.errors import AmountMismatch, PaymentUnavailable
from tenant_apps.payments.models import Instalment, Means, Payment, Status
from tenant_apps.payments.operations.begin import PAGE_LIFE
from tenant_apps.payments.operations.cancel import cancel_payments_of
from tenant_apps.payments.operations.instalments import OPEN
from tenant_apps.payments.operations.settle import enter
from tenant_apps.payments.states import LIVE, move

log = structlog.get_logger(__name__)

# As many as the processor's page has room to name, with what each is paid.
MOST = 8
# What a page's metadata call the orders that it is of: the rest of the name is the order's id, the value is in cents.
_ORDER = "order:"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one order: its payment as it stands, or none where it is no longer as the page named it."""

    order: Order
    payment: Payment | None
    failure: str = ""

    @property
    def is_paid(self) -> bool:
        return self.payment is not None and self.payment.status == Status.SUCCEEDED

    @property
    def is_unknown(self) -> bool:
        """The processor has not said yet what it did."""
        return self.payment is not None and self.payment.status in LIVE


def may_be(payees: Collection[Payee], rules: Paying, *, basket_id: UUID) -> bool:
    """Whether these payees, of each of which something is to be paid now, are paid by one consent.

    What a card could not pay on one account is paid on that payee's own page, where its bank may ask the payer.
    """
    if rules.is_separate or tuple(rules.methods) != ("card",) or not 2 <= len(payees) <= MOST:
        return False
    accounts = [payee.processor_account for payee in payees]
    if not all(accounts) or standing.stopped(accounts):
        return False
    refused = Payment.objects.filter(means=Means.ONLINE, status=Status.FAILED, session_id=None)
    return not refused.filter(order__basket_id=basket_id).exists()


def begin(*, orders: Sequence[Order], words: str, return_url: str, cancel_url: str, at: datetime) -> str:
    """The address of the one page of these orders of one basket. `words`: each amount, and who is paid.

    Raises AlreadyPaid, ChargeUnderWay or PaymentUnavailable.
    """
    cancel_payments_of(orders, at=at)
    first, rules = orders[0], read_rules(organisation.profile().rules)
    try:
        return shared_cards.open_page(
            currency=first.currency,
            email=first.guardian.email,
            language=first.language,
            words=words,
            return_url=return_url,
            cancel_url=cancel_url,
            expires_at=at + PAGE_LIFE,
            metadata={
                "organisation": connection.schema_name,
                **{f"{_ORDER}{order.id.hex}": str(order.first_cents) for order in orders},
            },
            asks_address=rules.asks_billing_address,
            card_brands=rules.card_brands,
        )
    except (ProcessorRefused, ProcessorUnavailable) as error:
        raise PaymentUnavailable from error


def finish(*, page_id: str, at: datetime) -> list[Outcome]:
    """Charge each order of a page on which the card was given. Safe to repeat, by two at once as well.

    Empty where the page is not finished, or is none of ours. Raises PaymentUnavailable.
    """
    try:
        consent = shared_cards.look_at(page_id)
    except ProcessorUnavailable as error:
        raise PaymentUnavailable from error
    except ProcessorRefused:
        return []
    if not consent.method or consent.metadata.get("organisation") != connection.schema_name:
        return []
    agreed = _agreed(consent)
    orders = Order.objects.filter(pk__in=agreed).select_related("payee", "guardian").order_by("payee__name", "id")
    outcomes = [_pay(order, agreed[order.id], consent, page_id, at) for order in orders]
    if not any(outcome.is_unknown for outcome in outcomes):
        _forget(consent)
    return outcomes


def is_of(metadata: Mapping[str, str]) -> bool:
    """Whether a page of the processor is one of these."""
    return any(name.startswith(_ORDER) for name in metadata)


def _agreed(consent: Consent) -> dict[UUID, int]:
    named = {name.removeprefix(_ORDER): cents for name, cents in consent.metadata.items() if name.startswith(_ORDER)}
    return {UUID(order_id): int(cents) for order_id, cents in named.items()}


def _pay(order: Order, cents: int, consent: Consent, page_id: str, at: datetime) -> Outcome:
    try:
        payment = _claim(order_id=order.id, cents=cents, label=consent.label, page_id=page_id, at=at)
    except IntegrityError:
        # Begun at this moment on a page of its own: one payment of an order at a time.
        payment = None
    failure = ""
    if payment is not None and payment.status == Status.STARTED and not payment.intent_id:
        try:
            failure = _ask(payment, consent, at)
        except (PaymentUnavailable, AmountMismatch) as error:
            log.warning("payments.together_unanswered", payment=str(payment.id), reason=error)
        payment.refresh_from_db()
    return Outcome(order, payment, failure)


@operation
def _claim(*, order_id: UUID, cents: int, label: str, page_id: str, at: datetime) -> Payment | None:
    """The payment of an order by this page. None where the order changed since, or is paid otherwise."""
    order = lock_one(Order.objects.filter(pk=order_id))
    # The name itself says that this page asked for this order: there can be no second one.
    name = uuid5(order.id, page_id)
    known = _payments().filter(pk=name).first()
    if known is not None:
        return known
    live = Payment.objects.filter(order=order, status__in=LIVE, means=Means.ONLINE)
    if order.status != OrderStatus.OPEN or order.first_cents != cents or live.exists():
        return None
    Payment.objects.create(
        id=name,
        order=order,
        attempt=next_attempt(order.id),
        means=Means.ONLINE,
        amount_cents=cents,
        currency=order.currency,
        method=label,
        started_at=at,
    )
    details = {"cents": cents, "card": label}
    audit.record(action="payments.charging", subject="payment", subject_id=name, actor=SYSTEM, at=at, details=details)
    return _payments().get(pk=name)


def _ask(payment: Payment, consent: Consent, at: datetime) -> str:
    """Returns why it was refused, in the processor's word. Raises PaymentUnavailable while nothing is known."""
    order, account = payment.order, payment.order.payee.processor_account
    key = f"{connection.schema_name}:payment:{payment.id}"
    keeps_card = Instalment.objects.filter(order=order, status__in=OPEN, is_automatic=True).exists()
    try:
        answer = intents.charge(
            account=account,
            idempotency_key=key,
            customer=_customer(order) if keeps_card else "",
            method=shared_cards.lend(
                account=account, customer=consent.customer, method=consent.method, idempotency_key=f"{key}:card"
            ),
            cents=payment.amount_cents,
            currency=payment.currency,
            is_off_session=False,
            keeps_card=keeps_card,
            fee_cents=fees.of_payment(account=account, cents=payment.amount_cents),
            metadata={
                "organisation": connection.schema_name,
                "payment": str(payment.id),
                "order": order.reference,
            },
        )
    except ProcessorUnavailable as error:
        raise PaymentUnavailable from error
    except ProcessorRefused as error:
        # No bank was asked: that payee cannot be paid so. Its own page will say why.
        log.warning("payments.together_refused", payment=str(payment.id), code=error.code)
        move(payment.id, Status.FAILED, Q(intent_id=""), ended_at=at, is_page_closed=True)
        return error.code
    enter(payment=payment, answer=answer, at=at)
    return answer.failure


def _customer(order: Order) -> str:
    return setups.new_customer(
        account=order.payee.processor_account,
        idempotency_key=f"{connection.schema_name}:customer:{order.id}",
        email=order.guardian.email,
        name=str(order.guardian),
    )


def _forget(consent: Consent) -> None:
    try:
        shared_cards.forget(consent.customer)
    except ProcessorUnavailable as error:
        log.warning("payments.card_not_forgotten", reason=error)


def _payments() -> QuerySet[Payment]:
    return Payment.objects.select_related("order__payee", "order__guardian")
