"""Another card for what is due later, given on the processor's page and believed on its word alone (S2-19)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from billing.gateway import setups
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from billing.gateway.pages import PAGE_ID
from kernel import clock, ids
from kernel.database import connection, lock
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox import operations as outbox
from tenant_apps.orders import operations as orders
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments.errors import NoCardToCome, OrderGone, PayeeNotReady, PaymentUnavailable
from tenant_apps.payments.models import Instalment, InstalmentStatus
from tenant_apps.payments.operations.instalments import OPEN


def begin_change(*, order_ids: Sequence[UUID], return_url: str, cancel_url: str, at: datetime) -> str:
    """The address of a page of the processor on which the family gives another card, and pays nothing.

    A card is kept by one payee: that of the last order of which a part is to be taken from a card. Without such a
    part nothing is asked of the processor: a page for cards that nobody needs is one to try stolen ones on.
    The page's name comes back where `return_url` says so.
    Raises OrderGone, NoCardToCome, PayeeNotReady or PaymentUnavailable.
    """
    orders = Order.objects.filter(pk__in=order_ids)
    order = _of_a_card_to_come(orders).select_related("payee", "guardian").order_by("-placed_at").first()
    if order is None:
        raise NoCardToCome if orders.exists() else OrderGone
    account = order.payee.processor_account
    if not account:
        raise PayeeNotReady(payee=order.payee.name)
    try:
        return setups.open_page(
            account=account,
            customer=order.card.get("customer") or _new_customer(order),
            currency=order.currency,
            language=order.language,
            return_url=return_url.replace(PAGE_ID, f"{order.payee_id.hex}-{PAGE_ID}"),
            cancel_url=cancel_url,
            metadata={"organisation": connection.schema_name, "card_of": str(order.id)},
            card_brands=read_rules(organisation.profile().rules).card_brands,
        )
    except (ProcessorRefused, ProcessorUnavailable) as error:
        raise PaymentUnavailable from error


def finish_change(*, page_id: str, at: datetime) -> str:
    """Keep the card that was given on a page, named as the return address names it. Safe to repeat.

    Returns the card as it is shown, or nothing where the page is not finished or is none of ours.
    Raises PaymentUnavailable.
    """
    payee_id, _, session_id = page_id.partition("-")
    try:
        payee = Payee.objects.exclude(processor_account="").get(pk=UUID(payee_id))
    except (ValueError, Payee.DoesNotExist):
        return ""
    return _finish(payee.processor_account, session_id, at)


def finish_change_of(*, order_id: str, session_id: str, at: datetime) -> str:
    """The same, for the processor's own event, which names the order."""
    order = _named(order_id)
    return _finish(order.payee.processor_account, session_id, at) if order else ""


def _finish(account: str, session_id: str, at: datetime) -> str:
    try:
        kept = setups.look_at(account=account, page_id=session_id)
    except ProcessorUnavailable as error:
        raise PaymentUnavailable from error
    except ProcessorRefused:
        return ""
    named = _named(kept.metadata.get("card_of", ""))
    if not kept.card or named is None or kept.metadata.get("organisation") != connection.schema_name:
        return ""
    # Whoever holds an account may write anything on its pages: a card there pays nobody else.
    if named.payee.processor_account != account:
        return ""
    return kept.card["label"] if _replace(named=named, card=kept.card, at=at) else ""


@operation
def _replace(*, named: Order, card: dict[str, str], at: datetime) -> bool:
    """On every order of that family and payee of which a part is to come; what was refused is asked again.

    Returns whether the named order is paid by this card from now on, or where none of it is to come, another is.
    """
    same = Order.objects.filter(guardian=named.guardian_id, payee=named.payee_id)
    holds: dict[UUID, bool] = {}
    changed = False
    for order in lock(Order.objects.filter(pk__in=_of_a_card_to_come(same).values("pk"))):
        holds[order.id] = order.card.get("method") == card["method"]
        if holds[order.id] or order.card.get("since", "") > card["since"]:
            # Told before, or of a page that another has followed.
            continue
        orders.keep_card(order_id=order.id, card=card)
        holds[order.id] = changed = True
        _ask_again(order, at)
        details = {"card": card["label"]}
        audit.record(
            action="payments.card_changed", subject="order", subject_id=order.id, actor=SYSTEM, at=at, details=details
        )
    if changed:
        # Who hears of it asks the new card at once (payments.listeners).
        outbox.tell(kind="payments.card_changed", payload={"order": str(named.id)}, at=at)
    return holds.get(named.id, any(holds.values()))


def _of_a_card_to_come(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those of which a part is still to be taken from a card."""
    coming = Instalment.objects.filter(order=OuterRef("pk"), status__in=OPEN, is_automatic=True)
    return orders.filter(Exists(coming), status=OrderStatus.SETTLED)


def _named(order_id: str) -> Order | None:
    """Of what a page or an event says, which need be no order's id."""
    known = ids.read(order_id)
    return Order.objects.select_related("payee").filter(pk=known).first() if known else None


def _ask_again(order: Order, at: datetime) -> None:
    """What was refused is asked at once, but on its day where staff gave it one that is to come."""
    today = clock.local_date(at, organisation.profile().zone)
    refused = Instalment.objects.filter(order=order, status=InstalmentStatus.FAILED, is_automatic=True)
    refused.filter(due_on__lte=today).update(try_at=at, attempts=0, grace_until=None)
    refused.filter(due_on__gt=today).update(
        status=InstalmentStatus.DUE, try_at=None, attempts=0, grace_until=None, failure="", told_at=None
    )


def _new_customer(order: Order) -> str:
    return setups.new_customer(
        account=order.payee.processor_account,
        idempotency_key=f"{connection.schema_name}:customer:{order.id}",
        email=order.guardian.email,
        name=str(order.guardian),
    )
