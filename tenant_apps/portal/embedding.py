"""Where the processor's page is shown: on its own, or inside a page of ours (`paying.page`)."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from tenant_apps.orders.models import Order, Status
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read
from tenants import links


@dataclass(frozen=True, slots=True)
class Ways:
    """From a payment page: back when it is paid, left without paying, and where paying begins."""

    paid: str
    left: str
    begin: str


def ways_of(order: Order) -> Ways:
    """Of an order that is being placed; or, once its places are had, of its account."""
    if order.status == Status.SETTLED:
        names = ("statement_return", "statement_cancelled", "statement")
        return Ways(*(reverse(name, args=[order.token]) for name in names))
    back, left = (reverse(name, args=[order.token]) for name in ("payment_return", "payment_cancelled"))
    return Ways(back, left, reverse("checkout"))


def shown_on(order: Order) -> str:
    """The page of ours to begin this payment on; nothing where the processor's own is used.

    Without a public key the processor's script shows nothing.
    """
    is_chosen = read(organisation.profile().rules).paying.page == "embedded"
    return page_of(order) if is_chosen and settings.STRIPE_PUBLISHABLE_KEY else ""


def page_of(order: Order) -> str:
    return links.absolute(reverse("pay_embedded", args=[order.token]))
