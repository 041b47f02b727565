"""The way to the processor's page and back, as addresses: which order is paid next, and what came of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from babel.lists import format_list
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.gateway.pages import PAGE_ID
from shared_apps.design.formats import locale_for
from tenant_apps.catalog.pricing import wording
from tenant_apps.orders.models import Order, Status
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments.models import Means, Payment
from tenant_apps.payments.operations import together
from tenant_apps.payments.operations.begin import begin_payment
from tenant_apps.portal import embedding
from tenants import links


def next_address(orders: Iterable[Order], *, at: datetime) -> str:
    """Where the visitor goes now: the page of all orders or of the first one still to pay, or the last confirmation.

    Raises the refusals of `begin_payment`.
    """
    placed = list(orders)
    waiting = [order for order in placed if order.status == Status.OPEN and order.first_cents]
    if waiting and is_together([order.payee for order in waiting], basket_id=waiting[0].basket_id):
        return _one_page(placed, waiting, at)
    confirmation = reverse("checkout")
    for order in placed:
        if page := _page_of(order, at):
            return page
        confirmation = reverse("confirmation", args=[order.token])
    return confirmation


def is_together(payees: Collection[Payee], *, basket_id: UUID) -> bool:
    """Whether what is to be paid now to these payees is paid by one consent, its card typed once (O-02)."""
    return together.may_be(payees, read_rules(organisation.profile().rules).paying, basket_id=basket_id)


def _one_page(placed: Sequence[Order], waiting: Sequence[Order], at: datetime) -> str:
    for order in placed:
        if order not in waiting:
            _page_of(order, at)
    origin, token = links.absolute(""), waiting[0].token
    return together.begin(
        orders=waiting,
        words=_consent(waiting),
        return_url=origin + reverse("payment_return", args=[token]) + f"?ensemble={PAGE_ID}",
        cancel_url=origin + reverse("payment_cancelled", args=[token]),
        at=at,
    )


def _consent(waiting: Sequence[Order]) -> str:
    amounts = [
        _("%(amount)s à %(payee)s")
        % {"amount": wording.amount(order.first_cents), "payee": Truncator(order.payee.name).chars(80)}
        for order in waiting
    ]
    return _(
        "Vous payez maintenant %(amounts)s. Votre carte est débitée à part pour chaque destinataire\u202f: "
        "chaque montant aura sa ligne sur votre relevé et son reçu."
    ) % {"amounts": format_list(amounts, locale=locale_for(get_language() or "fr"))}


def transfer_address(orders: Sequence[Order], *, at: datetime) -> str:
    """Where who pays at the bank goes: what to write on the transfer of the first order that waits for it.

    What asks for nothing now is settled at once. Raises the refusals of `begin_payment`.
    """
    for order in orders:
        if not order.first_cents:
            _page_of(order, at)
    first = next((order for order in orders if order.first_cents), orders[0])
    return reverse("confirmation", args=[first.token])


def _page_of(order: Order, at: datetime) -> str | None:
    origin = links.absolute("")
    return begin_payment(
        order_id=order.id,
        return_url=origin + reverse("payment_return", args=[order.token]) + f"?page={PAGE_ID}",
        cancel_url=origin + reverse("payment_cancelled", args=[order.token]),
        at=at,
        shown_on=embedding.shown_on(order),
    )


def payment_of_return(order: Order, page_id: str) -> Payment | None:
    """The payment that a return speaks of; the order's latest if it names none of this order's."""
    online = (payment for payment in order.payments.all() if payment.means == Means.ONLINE)
    payments = sorted(online, key=lambda payment: payment.attempt)
    named = (payment for payment in payments if page_id and payment.session_id == page_id)
    return next(named, payments[-1] if payments else None)


def still_to_pay(order: Order) -> bool:
    """True when another payee of the same basket waits for its own payment."""
    return Order.objects.filter(basket_id=order.basket_id, status=Status.OPEN).exclude(id=order.id).exists()
