"""Orders that wait to be paid."""

from datetime import datetime

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Option
from tenant_apps.orders.models import Order
from tenant_apps.payments.operations.begin import begin_payment
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.queries import basket_lines
from tests.factories.registrations import a_hold

RETURN_URL = "http://a.localhost/paiement/retour"
CANCEL_URL = "http://a.localhost/paiement/annule"


def an_order(*options: Option, at: datetime | None = None, language: str = "fr") -> Order:
    """A family's order of one of each option, placed and not paid. The processor lives in the present: so do we."""
    at = at or clock.now()
    first = a_hold(options[0], at=at)
    for option in options[1:]:
        a_hold(option, at=at, basket=first.basket, child=first.participant)
    cents = sum(line.amount_cents for line in basket_lines(first.basket_id))
    [order] = check_out(basket_id=first.basket_id, expected_cents=cents, actor=SYSTEM, language=language, at=at)
    return order


def a_page(order: Order) -> str:
    """The address of the hosted page to pay the order on."""
    url = begin_payment(order_id=order.id, return_url=RETURN_URL, cancel_url=CANCEL_URL, at=clock.now())
    assert url is not None
    return url


def registrations_of(order: Order) -> list[Registration]:
    return list(Registration.objects.filter(order_lines__order=order))
