"""No card is asked for which nothing is to be taken from, and none is said to be kept that is not."""

from datetime import timedelta

import pytest

from billing.gateway import setups
from kernel.database import connection
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.payments.errors import NoCardToCome
from tenant_apps.payments.models import Instalment, InstalmentStatus
from tenant_apps.payments.operations import cards
from tests.factories.instalments import SIGNED, an_order_in_parts, practice_of_payment
from tests.factories.organisation import a_payee
from tests.payments.conftest import an_account
from tests.payments.test_cards import card_of, given, page_of


@pytest.fixture
def payee(account):
    practice_of_payment()
    return a_payee(processor_account=account.processor_id)


@pytest.fixture
def elsewhere(payee, organisation_a, sandbox):
    """Another payee of the same organisation, on its own account."""
    return a_payee(processor_account=an_account(organisation_a, sandbox, "B").processor_id)


NEEDLESS = {
    "nothing is taken by itself": lambda order: Instalment.objects.filter(order=order).update(is_automatic=False),
    "all parts are paid": lambda order: Instalment.objects.filter(order=order).update(status=InstalmentStatus.PAID),
    "its places are held": lambda order: Order.objects.filter(pk=order.pk).update(status=OrderStatus.OPEN),
    "it was let go": lambda order: Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED),
}


@pytest.mark.parametrize("case", NEEDLESS)
def test_no_page_is_opened_for_a_card_that_nothing_waits_for(sandbox, payee, case):
    order = an_order_in_parts(payee)
    NEEDLESS[case](order)

    with pytest.raises(NoCardToCome):
        page_of(order)


def test_of_several_orders_it_is_that_of_one_which_waits(sandbox, payee):
    waits, paid = an_order_in_parts(payee), an_order_in_parts(payee, at=SIGNED + timedelta(days=1))
    NEEDLESS["all parts are paid"](paid)

    assert cards.finish_change(page_id=given(sandbox, page_of(waits, paid)), at=SIGNED) == "Mastercard •••• 4444"
    assert (card_of(waits), card_of(paid)) == ("Mastercard •••• 4444", "Visa •••• 4242")


@pytest.mark.parametrize("case", NEEDLESS)
def test_a_card_that_came_too_late_is_not_said_to_be_kept(sandbox, payee, case):
    order = an_order_in_parts(payee)
    page = given(sandbox, page_of(order))
    NEEDLESS[case](order)

    assert (cards.finish_change(page_id=page, at=SIGNED), card_of(order)) == ("", "Visa •••• 4242")


def test_an_old_page_brought_back_does_not_say_that_its_card_is_kept(sandbox, payee):
    order = an_order_in_parts(payee)
    first = given(sandbox, page_of(order))
    sandbox.control("clock", {"advance_seconds": 60})
    second = given(sandbox, page_of(order), card="4000056655665556")

    told = [cards.finish_change(page_id=page, at=SIGNED) for page in (second, first, second)]

    assert told == ["Visa •••• 5556", "", "Visa •••• 5556"]


def test_a_card_of_another_account_is_not_kept_for_an_order_that_a_page_there_names(sandbox, payee, elsewhere):
    order = an_order_in_parts(payee)
    account = elsewhere.processor_account
    url = setups.open_page(
        account=account,
        customer=setups.new_customer(account=account, idempotency_key="k", email="x@example.org", name="X"),
        currency=order.currency,
        language="fr",
        return_url=f"http://a.localhost/carte?page={elsewhere.id.hex}-{{CHECKOUT_SESSION_ID}}",
        cancel_url="http://a.localhost/carte",
        metadata={"organisation": connection.schema_name, "card_of": str(order.id)},
    )

    assert cards.finish_change(page_id=given(sandbox, url), at=SIGNED) == ""
    assert card_of(order) == "Visa •••• 4242"


@pytest.mark.parametrize("name", ["junk", "0" * 32, "42"])
def test_a_page_that_names_no_order_is_passed_over(sandbox, payee, name):
    assert cards.finish_change_of(order_id=name, session_id="cs_1", at=SIGNED) == ""
