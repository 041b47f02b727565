"""Opens the processor's payment page for an order: one live page per order, whatever the number of tabs."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from billing import standing
from billing.gateway import checkout
from billing.gateway.client import ProcessorBusy, ProcessorRefused, ProcessorUnavailable
from billing.models import ConnectedAccount
from billing.operations import refresh_account
from kernel import clock
from kernel.database import connection
from kernel.transactions import operation
from tenant_apps.orders import ledger
from tenant_apps.orders import queries as order_queries
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments import fees
from tenant_apps.payments.attempts import next_attempt
from tenant_apps.payments.errors import (
    AlreadyPaid,
    ChargeUnderWay,
    OnlinePaused,
    OrderGone,
    PayeeNotReady,
    PaymentUnavailable,
)
from tenant_apps.payments.models import Instalment, Means, Payment, Status
from tenant_apps.payments.operations.cancel import close
from tenant_apps.payments.operations.instalments import OPEN, is_charging
from tenant_apps.payments.operations.settle import settle, settle_free
from tenant_apps.payments.states import LIVE, move

# How long the processor keeps the page; the hold's own end closes it sooner (payments.operations.sweep). No longer than
# a bank waits for an answer: who left for it and never came back keeps neither the place nor the order busy.
PAGE_LIFE = timedelta(hours=1)
# Other tabs and the processor's events may move an order in between so many times.
_TRIES = 5


class _Moved(Exception):
    """It was settled, let go or begun otherwise since it was read: it is read again."""


def begin_payment(
    *,
    order_id: UUID,
    return_url: str,
    cancel_url: str,
    at: datetime,
    most_cents: int | None = None,
    shown_on: str = "",
) -> str | None:
    """The address of the page to pay this order on; None when nothing is left to pay.

    It is the processor's own; or the page of ours `shown_on`, which shows the processor's inside it.
    Of an order that waits for it, what is to be paid now; of one that is settled, all that is owed, or `most_cents`.
    Raises OrderGone, PayeeNotReady, AlreadyPaid, PaymentUnavailable or ChargeUnderWay.
    """
    for _try in range(_TRIES):
        with suppress(_Moved):
            return _begin(
                order_id,
                return_url=return_url,
                cancel_url=cancel_url,
                at=at,
                most_cents=most_cents,
                shown_on=shown_on,
            )
    raise PaymentUnavailable


def _begin(
    order_id: UUID, *, return_url: str, cancel_url: str, at: datetime, most_cents: int | None, shown_on: str
) -> str | None:
    order = Order.objects.select_related("payee", "guardian").get(pk=order_id)
    if order.status == OrderStatus.CANCELLED:
        raise OrderGone
    cents = _to_pay(order, most_cents)
    if cents == 0:
        if order.status == OrderStatus.OPEN:
            settle_free(order_id=order.id, at=at)
        return None
    if not order.payee.processor_account:
        raise PayeeNotReady(payee=order.payee.name)
    if standing.stopped([order.payee.processor_account]) and not _live_of(order).exists() and not _may_be_paid(order):
        raise _not_ready(order)
    payment = _live_payment(order, cents, at=at)
    if is_charging(payment):
        raise ChargeUnderWay
    if payment.amount_cents != cents:
        # Begun in another tab, for less or for more: one page at a time.
        if close(payment, at=at).status == Status.PROCESSING:
            raise AlreadyPaid
        raise _Moved
    if payment.session_id:
        page = _page_still_open(payment, at)
        if page is not None:
            return page
        payment.refresh_from_db()
        if payment.status not in LIVE:
            raise _Moved
        return None
    opened = _open_page(payment, order, return_url=return_url, cancel_url=cancel_url, shown_on=shown_on)
    return _kept(payment, opened, at=at)


def _to_pay(order: Order, most_cents: int | None) -> int:
    if order.status == OrderStatus.OPEN:
        return order.first_cents
    owed = max(ledger.balance_of_order(order.id), 0)
    return owed if most_cents is None else min(owed, max(most_cents, 0))


def _live_payment(order: Order, cents: int, *, at: datetime) -> Payment:
    try:
        payment = _one_live_payment(order, cents, at=at)
    except IntegrityError:
        # Another tab made it in between: its payment is the one.
        payment = _live_of(order).first()
    if payment is None:
        raise _Moved
    return payment


@operation
def _one_live_payment(order: Order, cents: int, *, at: datetime) -> Payment | None:
    live = _live_of(order).first()
    if live is not None:
        return live
    if not Order.objects.filter(pk=order.pk, status=order.status).exists():
        return None
    return Payment.objects.create(
        order=order,
        attempt=next_attempt(order.id),
        amount_cents=cents,
        currency=order.currency,
        started_at=at,
    )


def _live_of(order: Order) -> QuerySet[Payment]:
    return Payment.objects.filter(order=order, status__in=LIVE, means=Means.ONLINE)


def _page_still_open(payment: Payment, at: datetime) -> str | None:
    settled = settle(payment_id=payment.id, at=at)
    return settled.page_url if settled.status == Status.STARTED else None


def _open_page(payment: Payment, order: Order, *, return_url: str, cancel_url: str, shown_on: str) -> checkout.Page:
    schema, rules = connection.schema_name, read_rules(organisation.profile().rules)
    keeps_card = _keeps_card(order, payment)
    try:
        return checkout.open_page(
            account=order.payee.processor_account,
            # The payment's own name: a crash between here and the update below finds the same page again.
            idempotency_key=f"{schema}:payment:{payment.id}",
            lines=_lines(order, payment.amount_cents),
            currency=order.currency,
            email=order.guardian.email,
            language=order.language,
            return_url=return_url,
            cancel_url=cancel_url,
            # From the payment's own moment, so that the same key always comes with the same words.
            expires_at=payment.started_at + PAGE_LIFE,
            metadata={"organisation": schema, "payment": str(payment.id), "order": order.reference},
            asks_address=rules.asks_billing_address,
            keeps_card=keeps_card,
            # What is due later is taken from a card: nothing else can be kept for it.
            methods=("card",) if keeps_card else rules.paying.methods,
            card_brands=rules.card_brands,
            shown_on=shown_on,
            fee_cents=fees.of_payment(account=order.payee.processor_account, cents=payment.amount_cents),
        )
    except ProcessorBusy as error:
        raise PaymentUnavailable from error
    except ProcessorUnavailable as error:
        # The processor answers the same key with the same fault: the next try must be another payment. A page that
        # it made all the same is harmless, since nobody was sent to it.
        move(payment.id, Status.CANCELLED, where=Q(session_id=None), ended_at=clock.now())
        raise PaymentUnavailable from error
    except ProcessorRefused as error:
        if _may_be_paid(order):
            raise PaymentUnavailable from error
        raise _not_ready(order) from error


def _keeps_card(order: Order, payment: Payment) -> bool:
    """What is paid early is paid by anybody's card: the one that is kept changes where the family says so."""
    if order.status == OrderStatus.SETTLED and (order.card or payment.amount_cents == _to_pay(order, None)):
        return False
    return Instalment.objects.filter(order=order, status__in=OPEN, is_automatic=True).exists()


def _lines(order: Order, cents: int) -> list[checkout.Line]:
    """What is bought, where all of it is paid; else the part that is."""
    lines = [line for line in order_queries.lines_of(order.id) if line.amount_cents]
    if order.status == OrderStatus.OPEN and sum(line.amount_cents for line in lines) == cents:
        return [_on_the_page(line) for line in lines]
    is_rest = order.status == OrderStatus.SETTLED
    with override(order.language):
        words = _("Solde de la commande %(reference)s") if is_rest else _("Commande %(reference)s, à payer maintenant")
    return [checkout.Line(label=words % {"reference": order.reference}, quantity=1, unit_cents=cents)]


def _on_the_page(line: OrderLine) -> checkout.Line:
    """So many at a price where that is all there is to it; else the amount that its steps come to."""
    if line.quantity * line.unit_cents == line.amount_cents:
        return checkout.Line(label=line.label, quantity=line.quantity, unit_cents=line.unit_cents)
    label = line.label if line.quantity == 1 else f"{line.quantity} × {line.label}"
    return checkout.Line(label=label, quantity=1, unit_cents=line.amount_cents)


def _kept(payment: Payment, page: checkout.Page, *, at: datetime) -> str:
    """Keep what was opened, and send to it only if the payment is still wanted. Raises OrderGone."""
    opened = Payment.objects.filter(pk=payment.pk)
    opened.update(session_id=page.id, page_url=page.url)
    if opened.filter(status__in=LIVE).exists():
        return page.url
    # Given up in another tab while the page was being opened: nobody may pay on it.
    close(opened.select_related("order__payee").get(), at=at)
    raise OrderGone


def _may_be_paid(order: Order) -> bool:
    try:
        return refresh_account(processor_id=order.payee.processor_account).charges_enabled
    except (ProcessorRefused, ProcessorUnavailable, ConnectedAccount.DoesNotExist):
        return False


def _not_ready(order: Order) -> PayeeNotReady:
    """Told otherwise of an account that took money before: it will again."""
    is_to_come = ConnectedAccount.objects.filter(processor_id=order.payee.processor_account, opened_at=None).exists()
    return (PayeeNotReady if is_to_come else OnlinePaused)(payee=order.payee.name)
