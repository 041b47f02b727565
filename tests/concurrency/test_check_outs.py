"""One tab that settles an order and another that places it anew on other terms, at the same instant."""

import random
import time
from functools import partial
from uuid import uuid4

import pytest

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments import credit
from tenant_apps.payments.models import Instalment
from tenant_apps.payments.operations import crediting, instalments, settle
from tenant_apps.payments.operations.check_out import Terms, check_out
from tenant_apps.registrations.models import Registration
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_offering, an_option
from tests.factories.counter import CLERK
from tests.factories.families import a_guardian
from tests.factories.instalments import IN_TWO, practice_of_payment
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.registrations import a_basket, a_hold

pytestmark = pytest.mark.usefixtures("transactional_db")
ENDS = {
    # What waited was settled: what is due later of it is asked, and its credit is spent.
    ((OrderStatus.SETTLED, 2000, 2000),): ("confirmed", 0),
    # It was placed anew: nothing was settled, and the credit is free.
    ((OrderStatus.CANCELLED, 0, 0), (OrderStatus.OPEN, 0, 0)): ("awaiting_payment", 2000),
}


def test_either_the_one_order_is_settled_or_the_other_waits(
    organisation_a: Organisation, transactional_db: None
) -> None:
    an_organisation_profile()
    practice_of_payment(later="nobody")
    payee = a_payee()
    for _run in range(10):
        guardian = a_guardian()
        basket = a_basket(guardian)
        offering = an_offering(payee=payee)
        held = a_hold(an_option(price=4000, places=9, offering=offering), basket=basket, at=clock.now())
        crediting.grant(
            guardian_id=guardian.id, payee_id=payee.id, cents=2000, words="", key=uuid4(), actor=CLERK, at=clock.now()
        )
        [order] = _check_out(held, Terms(plan=IN_TWO, spends_credit=True))

        rush(organisation_a, [partial(_settle, order), partial(_check_out, held, Terms())], lambda act: act())

        orders = Order.objects.filter(basket=basket).order_by("number")
        end = tuple((each.status, ledger.balance_of_order(each.id), _asked_of(each)) for each in orders)
        free = credit.available(guardian.id, payee.id)
        assert (Registration.objects.get(pk=held.pk).status, free) == ENDS[end]


def _check_out(held: Registration, terms: Terms) -> list[Order]:
    return check_out(
        basket_id=held.basket_id, expected_cents=4000, actor=SYSTEM, language="fr", at=clock.now(), terms=terms
    )


def _settle(order: Order) -> None:
    time.sleep(random.uniform(0, 0.016))  # noqa: S311
    settle.settle_free(order_id=order.id, at=clock.now())


def _asked_of(order: Order) -> int:
    parts = Instalment.objects.filter(order=order, status__in=instalments.OPEN)
    return sum(part.left_cents for part in parts)
