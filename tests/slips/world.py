"""Families who paid for care, in the words of a test."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.families.matching import NATIONAL_NUMBER
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.operations import tax_numbers
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Means, Payment
from tenant_apps.payments.operations.receive import receive
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_basket, a_hold
from tests.office.money import a_paid_order, ordered

MARCH = datetime(2026, 3, 2, 15, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 15, tzinfo=UTC)
MONDAY = date(2026, 7, 6)
FRIDAY = date(2026, 7, 10)
ADDRESS = {"address": {"street": "12, rue des Érables", "postal_code": "4140", "town": "Sprimont"}}
SIN = "046454286"
PARENT_NUMBER, CHILD_NUMBER = "85073003328", "15012154351"
# Sealed and kept as who issues them says.
ISSUER = {
    "number": "0202239951",
    "street": "1, place de la Mairie",
    "postal_code": "4140",
    "city": "Sprimont",
    "phone": "04 382 43 00",
    "email": "atl@sprimont.example",
    "signatory": "Anne Dubois, directrice",
}


def an_issuer(*kinds: str, **more: Any) -> Payee:
    return a_payee("Commune de Sprimont", slips={**ISSUER, "kinds": list(kinds), **more})


def a_camp(payee: Payee, **slips: Any) -> Offering:
    return an_offering("Camp d’été", nature="camp", payee=payee, slips={"kind": "childcare", **slips})


def a_week(camp: Offering, *, starts_on: date = MONDAY, ends_on: date = FRIDAY, price: int = 10000) -> Option:
    return an_option("Semaine", offering=camp, starts_on=starts_on, ends_on=ends_on, price=price)


def a_coming_week(camp: Offering) -> Option:
    """For who registers today."""
    first = clock.now().date() + timedelta(days=14)
    return a_week(camp, starts_on=first, ends_on=first + timedelta(days=4))


def a_family(**child: Any) -> tuple[Guardian, Participant]:
    """With their address; the child is eleven."""
    guardian = a_guardian()
    return guardian, a_child(
        of=guardian, birth_date=child.pop("birth_date", date(2015, 1, 21)), household=ADDRESS, **child
    )


def numbered(guardian: Guardian, child: Participant | None = None) -> None:
    """They gave all that a slip may ask."""
    said = {NATIONAL_NUMBER: PARENT_NUMBER, tax_numbers.SOCIAL_INSURANCE: SIN}
    tax_numbers.say(guardian_id=guardian.pk, said=said, actor=SYSTEM, at=MARCH)
    if child is not None:
        tax_numbers.say_of_child(
            guardian_id=guardian.pk,
            participant_id=child.pk,
            said={NATIONAL_NUMBER: CHILD_NUMBER},
            actor=SYSTEM,
            at=MARCH,
        )


def a_paid_week(option: Option, guardian: Guardian, child: Participant, at: datetime = MARCH) -> Order:
    return a_paid_order(option, child=child, basket=a_basket(guardian), at=at)


def an_unpaid_order(options: list[Option], guardian: Guardian, child: Participant, at: datetime = MARCH) -> Order:
    basket = a_basket(guardian)
    for option in options:
        a_hold(option, basket=basket, child=child, at=at)
    [order] = ordered(basket.pk, at=at)
    return order


def pay(order: Order, cents: int, at: datetime) -> None:
    """At the counter."""
    payment = Payment.objects.create(
        order=order,
        attempt=order.payments.count() + 1,
        means=Means.CHEQUE,
        amount_cents=cents,
        currency=order.currency,
        started_at=at,
    )
    receive(payment=payment, at=at)
    order.refresh_from_db()
