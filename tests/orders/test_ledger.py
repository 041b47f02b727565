"""The ledger: two sides to each row, the same cause entered once, balances read from the rows."""

import pytest
from django.db import IntegrityError, transaction

from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.orders.numbering import next_number
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.orders import an_order
from tests.factories.organisation import a_payee, an_organisation_profile


@pytest.fixture
def order(organisation_a):
    an_organisation_profile()
    return an_order(an_option(offering=an_offering()), at=NOON)


def enter(order, debit, credit, cents, source):
    ledger.enter(debit=debit, credit=credit, cents=cents, order=order, source=source, at=NOON)


def test_whatever_is_entered_the_accounts_sum_to_zero(order):
    enter(order, Account.RECEIVABLE, Account.REVENUE, 1650, "sold")
    enter(order, Account.PROCESSOR, Account.RECEIVABLE, 1000, "received")

    assert ledger.totals() == dict.fromkeys(Account, 0) | {
        Account.RECEIVABLE: 650,
        Account.REVENUE: -1650,
        Account.PROCESSOR: 1000,
    }
    assert ledger.balance_of_order(order.id) == 650


def test_the_same_cause_is_entered_once(order):
    for _ in range(2):
        enter(order, Account.RECEIVABLE, Account.REVENUE, 1650, "sold")

    assert ledger.balance_of_order(order.id) == 1650


def test_nothing_is_entered_for_nothing(order):
    enter(order, Account.RECEIVABLE, Account.REVENUE, 0, "free")

    assert not Transfer.objects.exists()


@pytest.mark.parametrize(
    ("columns", "promise"),
    [
        ({"amount_cents": 0}, "a_transfer_moves_something"),
        ({"credit": Account.RECEIVABLE}, "a_transfer_has_two_sides"),
    ],
)
def test_the_database_refuses_a_row_that_is_no_transfer(order, columns, promise):
    row = {
        "debit": Account.RECEIVABLE,
        "credit": Account.REVENUE,
        "amount_cents": 1,
        "currency": "cad",
        "payee_id": order.payee_id,
        "order": order,
        "source": "made up",
        "at": NOON,
    }

    with pytest.raises(IntegrityError, match=promise), transaction.atomic():
        Transfer.objects.create(**{**row, **columns})


def test_numbers_follow_each_other_and_each_series_has_its_own(order):
    payee = a_payee()

    assert [next_number(payee_id=payee.id, series="orders") for _ in range(3)] == [1, 2, 3]
    assert next_number(payee_id=payee.id, series="receipts") == 1


def test_a_number_that_is_not_used_is_given_again(order):
    payee = a_payee()

    with pytest.raises(RuntimeError), transaction.atomic():
        next_number(payee_id=payee.id, series="orders")
        raise RuntimeError("the order was not placed after all")

    assert next_number(payee_id=payee.id, series="orders") == 1
