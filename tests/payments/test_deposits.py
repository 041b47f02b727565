"""Deposits: the drawer is what the ledger says it is, after whatever came in; slips are numbered without gaps."""

import threading
from typing import Any

import pytest
from django.db import connection as django_connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel import clock
from shared_apps.audit.models import Entry
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Numbering
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import drawer
from tenant_apps.payments.models import Means, Payment
from tenant_apps.payments.operations import depositing
from tenant_apps.payments.operations.counter import due
from tenant_apps.payments.rounding import in_coins
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.counter import CLERK, at_counter
from tests.factories.orders import an_order
from tests.factories.organisation import a_payee, an_organisation_profile


@pytest.fixture
def payee(organisation_a: Organisation) -> Payee:
    an_organisation_profile()
    return a_payee("École des Érables")


def sold(payee: Payee, cents: int) -> Any:
    return an_order(an_option(price=cents, offering=an_offering(payee=payee)))


def cash(payee: Payee, cents: int) -> Payment:
    return at_counter(sold(payee, cents), in_coins(cents, 5))


def cheque(payee: Payee, cents: int, number: str) -> Payment:
    return at_counter(sold(payee, cents), cents, Means.CHEQUE, reference=number)


def taken(payee: Payee, counted: int, *cheques: Payment, expected: int | None = None, note: str = "") -> int:
    shown = drawer.of_payee(payee.id).cash_cents if expected is None else expected
    count = depositing.Count(
        expected_cents=shown, counted_cents=counted, cheques=[each.id for each in cheques], note=note
    )
    return depositing.deposit(payee_id=payee.id, count=count, actor=CLERK, at=clock.now())


def in_drawer(payee: Payee) -> int:
    return ledger.totals(payee.id)[Account.CASH]


def test_a_deposit_takes_the_cash_and_the_cheques_to_the_bank(payee: Payee) -> None:
    coins, paper = cash(payee, 5552), cheque(payee, 2075, "0042")

    number = taken(payee, 5550, paper)

    assert number == 1
    assert {payment.deposit for payment in Payment.objects.all()} == {1}
    assert ledger.totals(payee.id)[Account.BANK] == 5550 + 2075
    assert in_drawer(payee) == 0
    [slip] = drawer.deposits([payee.id])
    assert (slip.cash_cents, slip.cheques_cents, slip.difference_cents, slip.total_cents) == (5550, 2075, 0, 7625)
    assert drawer.cheques_of(payee.id, 1) == [paper]
    assert drawer.of_payee(payee.id).is_empty
    assert coins.deposit is None  # as it was read; the row has its number


def test_a_cheque_that_stays_behind_waits_for_the_next_slip(payee: Payee) -> None:
    first, second = cheque(payee, 1000, "1"), cheque(payee, 2000, "2")

    taken(payee, 0, first)
    assert drawer.of_payee(payee.id).cheques == [second]
    taken(payee, 0, second)

    assert [slip.number for slip in drawer.deposits([payee.id])] == [2, 1]
    assert [each.reference for each in drawer.cheques_of(payee.id, 2)] == ["2"]


@pytest.mark.parametrize(("counted", "rounding"), [(5000, 500), (6000, -500)])
def test_a_difference_is_explained_and_entered(payee: Payee, counted: int, rounding: int) -> None:
    cash(payee, 5500)
    with pytest.raises(depositing.DifferenceUnexplained):
        taken(payee, counted, note=" ")
    assert not Numbering.objects.filter(series=depositing.SERIES).exists()

    taken(payee, counted, note="Un billet de trop peu ou de trop")

    totals = ledger.totals(payee.id)
    assert (totals[Account.CASH], totals[Account.BANK], totals[Account.ROUNDING]) == (0, counted, rounding)
    assert [slip.difference_cents for slip in drawer.deposits([payee.id])] == [counted - 5500]
    [entry] = Entry.objects.filter(action=depositing.MADE)
    assert entry.details == {
        "deposit": 1,
        "difference_cents": counted - 5500,
        "note": "Un billet de trop peu ou de trop",
    }


def test_a_drawer_that_changed_since_it_was_counted_is_counted_again(payee: Payee) -> None:
    cash(payee, 1000)
    paper = cheque(payee, 500, "7")
    cash(payee, 1000)

    with pytest.raises(depositing.DrawerChanged):
        taken(payee, 1000, expected=1000)
    taken(payee, 2000, paper)
    with pytest.raises(depositing.DrawerChanged):
        taken(payee, 0, paper)
    with pytest.raises(depositing.NothingToDeposit):
        taken(payee, 0)

    assert [slip.number for slip in drawer.deposits([payee.id])] == [1]


def test_each_payee_has_its_own_drawer_and_series(payee: Payee) -> None:
    other = a_payee("École des Pins")
    cash(payee, 1000)
    theirs = cheque(other, 2000, "9")

    with pytest.raises(depositing.DrawerChanged):
        taken(payee, 1000, theirs)

    assert (taken(payee, 1000), taken(other, 0, theirs)) == (1, 1)
    assert (in_drawer(payee), in_drawer(other)) == (0, 0)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["cash", "part", "cheque", "terminal", "deposit"]), st.integers(20, 30_000)),
        min_size=1,
        max_size=8,
    )
)
def test_the_drawer_equals_what_was_put_in_and_taken_out(payee: Payee, moves: list[tuple[str, int]]) -> None:
    at_start = drawer.of_payee(payee.id)
    coins, papers = at_start.cash_cents, at_start.cheques_cents
    for what, cents in moves:
        if what == "cash":
            cash(payee, cents)
            coins += in_coins(cents, 5)
        elif what == "part":
            order = sold(payee, cents)
            at_counter(order, 5)
            order.refresh_from_db()
            at_counter(order, in_coins(due(order), 5))
            coins += 5 + in_coins(cents - 5, 5)
        elif what == "cheque":
            cheque(payee, cents, str(cents))
            papers += cents
        elif what == "terminal":
            at_counter(sold(payee, cents), cents, Means.TERMINAL)
        elif coins or papers:
            taken(payee, coins, *drawer.of_payee(payee.id).cheques)
            coins = papers = 0
        found = drawer.of_payee(payee.id)
        assert (found.cash_cents, found.cheques_cents) == (coins, papers)
        assert found.apart_cents == 0
        assert in_drawer(payee) == coins + papers
        assert sum(ledger.totals(payee.id).values()) == 0
        assert ledger.totals(payee.id)[Account.RECEIVABLE] == 0


@pytest.mark.django_db(transaction=True)
def test_two_who_deposit_at_once_make_one_slip(organisation_a: Organisation) -> None:
    an_organisation_profile()
    payee = a_payee()
    cash(payee, 1000)
    paper = cheque(payee, 500, "7")
    together, said = threading.Barrier(3), []

    def treasurer() -> None:
        try:
            with in_organisation(organisation_a):
                together.wait(timeout=10)
                said.append(taken(payee, 1000, paper, expected=1000))
        except Exception as error:
            said.append(type(error))
        finally:
            django_connection.close()

    people = [threading.Thread(target=treasurer) for _ in range(3)]
    for each in people:
        each.start()
    for each in people:
        each.join(timeout=30)

    assert sorted(map(str, said)) == sorted(map(str, [1, depositing.DrawerChanged, depositing.DrawerChanged]))
    assert ledger.totals(payee.id)[Account.BANK] == 1500
    assert in_drawer(payee) == 0
