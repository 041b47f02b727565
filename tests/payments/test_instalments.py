"""Schedules whose cents and days are right for any price and day, and parts that are never more than what is owed."""

import random
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Nature, Offering
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.organisation.models import Payee
from tenant_apps.organisation.paying import Paying, Plan, Share
from tenant_apps.payments.models import InstalmentStatus, Means, Payment
from tenant_apps.payments.operations import charging, instalments, settle
from tenant_apps.payments.operations.cancel import let_go
from tenant_apps.payments.operations.check_out import Terms, check_out
from tenant_apps.payments.operations.receive import receive
from tenant_apps.payments.terms import Bought, Due, plans_for, schedule
from tenant_apps.registrations import operations as registrations
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid_page
from tests.factories.families import a_child, a_guardian
from tests.factories.instalments import (
    IN_TWO,
    SIGNED,
    a_kept_card,
    an_order_in_parts,
    parts_of,
    practice_of_payment,
    states_of,
)
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_basket, a_hold

CAMP, OUTING = Offering(nature=Nature.CAMP), Offering(nature=Nature.OUTING)
HALVES = Plan(
    key="deux",
    label={"fr": "2 paiements mensuels"},
    shares=(Share(Decimal(50)), Share(Decimal(50), months=1)),
    natures=frozenset({Nature.CAMP}),
    minimum_cents=10000,
)
RULES = Paying(plans=(HALVES,))
DAYS = st.dates(min_value=date(2026, 1, 1), max_value=date(2032, 12, 31))


def in_parts_of(*percents: int) -> Paying:
    """A part each month, the first at once."""
    shares = tuple(Share(Decimal(percent), months=month) for month, percent in enumerate(percents))
    return Paying(plans=(Plan(key="deux", label={"fr": "Parts"}, shares=shares, natures=frozenset({Nature.CAMP})),))


@pytest.mark.line("S2-20")
@given(st.integers(min_value=10000, max_value=10_000_000), DAYS)
def test_two_halves_make_the_whole_and_the_odd_cent_is_in_the_first(cents: int, on: date) -> None:
    first, second = schedule([Bought(CAMP, cents)], "deux", RULES, on=on)

    assert first.cents + second.cents == cents
    assert first.cents - second.cents == cents % 2
    assert (first.is_automatic, second.is_automatic) == (False, True)


@pytest.mark.line("S2-22")
@given(DAYS)
def test_a_month_later_is_the_same_day_or_the_last_of_a_shorter_month(on: date) -> None:
    _first, second = schedule([Bought(CAMP, 12600)], "deux", RULES, on=on)

    year, month = (on.year + 1, 1) if on.month == 12 else (on.year, on.month + 1)
    assert second.on == date(year, month, min(on.day, monthrange(year, month)[1]))


@pytest.mark.line("S2-22")
@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2027, 1, 29), date(2027, 2, 28)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 30), date(2028, 2, 29)),
        (date(2026, 5, 31), date(2026, 6, 30)),
        (date(2026, 12, 31), date(2027, 1, 31)),
    ],
)
def test_the_ends_of_months(on: date, due: date) -> None:
    assert schedule([Bought(CAMP, 12600)], "deux", RULES, on=on)[1].on == due


@given(
    st.lists(st.integers(min_value=1, max_value=30), min_size=1, max_size=8),
    st.lists(st.tuples(st.booleans(), st.integers(min_value=0, max_value=500_000)), min_size=1, max_size=5),
    DAYS,
)
def test_any_shares_of_any_basket_make_the_whole_in_the_order_of_days(
    parts: list[int], lines: list[tuple[bool, int]], on: date
) -> None:
    percents = [*parts[:3], 100 - sum(parts[:3])]
    bought = [Bought(CAMP, 100), *(Bought(CAMP if is_camp else OUTING, cents) for is_camp, cents in lines)]

    dues = schedule(bought, "deux", in_parts_of(*percents), on=on)

    assert sum(due.cents for due in dues) == sum(each.cents for each in bought)
    assert [due.on for due in dues] == sorted({due.on for due in dues})
    assert all(due.cents > 0 for due in dues)


@pytest.mark.line("S2-21")
def test_what_is_no_camp_is_due_at_once_and_the_minimum_is_of_the_camp_alone() -> None:
    assert schedule([Bought(CAMP, 10001), Bought(OUTING, 5000)], "deux", RULES, on=date(2026, 1, 31)) == [
        Due(date(2026, 1, 31), 5001 + 5000),
        Due(date(2026, 2, 28), 5000, is_automatic=True),
    ]


@pytest.mark.line("S2-17")
@pytest.mark.line("S2-18")
@pytest.mark.parametrize(
    ("bought", "is_offered"),
    [
        ([(CAMP, 10000)], True),
        ([(CAMP, 9999)], False),
        ([(OUTING, 20000)], False),
        ([(CAMP, 9999), (OUTING, 20000)], False),
    ],
)
def test_instalments_are_offered_for_a_camp_of_a_hundred_dollars(
    bought: list[tuple[Offering, int]], is_offered: bool
) -> None:
    assert bool(plans_for([Bought(*each) for each in bought], RULES)) is is_offered


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_paid_and_given_up_the_parts_are_what_is_owed_and_never_more(sandbox, account, seed) -> None:
    payee = a_payee(processor_account=account.processor_id)
    tenths = [{"percent": "10", "months": month} for month in range(10)]
    plans = [{"key": "dix", "label": {"fr": "Dix"}, "shares": tenths, "natures": ["outing"]}]
    practice_of_payment(plans=plans)
    chance = random.Random(seed)  # noqa: S311
    order = an_order_in_parts(payee, price=10007, plan="dix", card=a_kept_card(payee))

    for step in range(12):
        cents = chance.randint(1, 2000)
        if chance.random() < 0.5:
            paid = Payment.objects.create(
                order=order, attempt=step + 2, means=Means.CASH, amount_cents=cents, currency="cad", started_at=SIGNED
            )
            receive(payment=paid, at=SIGNED + timedelta(hours=step))
        else:
            source = f"given up {step}"
            ledger.enter(
                debit=Account.REVENUE, credit=Account.RECEIVABLE, cents=cents, order=order, source=source, at=SIGNED
            )
            instalments.fit(order_id=order.id, at=SIGNED, last_first=True)
        left = [part.left_cents for part in parts_of(order) if part.status in instalments.OPEN]
        assert sum(left) == max(ledger.balance_of_order(order.id), 0)
        assert all(part.left_cents == 0 for part in parts_of(order) if part.status not in instalments.OPEN)


class TestWhatWasLetGo:
    """The page of an order in parts that was let go turns out to be paid."""

    @pytest.fixture
    def payee(self, account):
        practice_of_payment()
        return a_payee(processor_account=account.processor_id)

    def test_late_money_takes_its_parts_up_again_and_the_card_pays_the_next(self, sandbox, payee) -> None:
        order = late_money(payee, [10000])

        assert states_of(order) == [InstalmentStatus.PAID, InstalmentStatus.DUE]
        charging.charge_due(at=SIGNED + timedelta(days=60))

        assert states_of(order) == [InstalmentStatus.PAID] * 2
        assert ledger.balance_of_order(order.id) == 0

    def test_what_could_not_be_had_any_more_is_taken_off_the_last_part(self, sandbox, payee) -> None:
        order = late_money(payee, [6000, 4000], gone=1)

        assert [(part.status, part.left_cents) for part in parts_of(order)] == [
            (InstalmentStatus.PAID, 0),
            (InstalmentStatus.DUE, 1000),
        ]
        assert ledger.balance_of_order(order.id) == 1000

    def test_where_nothing_could_be_had_nothing_is_due_nor_read_as_paid(self, sandbox, payee) -> None:
        order = late_money(payee, [10000], gone=1)

        assert [part.status for part in parts_of(order)] == [InstalmentStatus.CANCELLED] * 2
        assert [part.left_cents for part in parts_of(order)] == [0, 0]
        assert ledger.balance_of_order(order.id) == 0


def late_money(payee: Payee, prices: list[int], gone: int = 0) -> Order:
    """Its first half comes once it was let go, and the places of its last `gone` lines are another's."""
    offering, guardian = an_offering(payee=payee), a_guardian()
    child, basket = a_child("Ada", of=guardian), a_basket(guardian)
    options = [an_option(price=price, places=1, offering=offering) for price in prices]
    held = [a_hold(option, basket=basket, child=child, at=SIGNED) for option in options]
    [order] = check_out(
        basket_id=basket.id,
        expected_cents=sum(prices),
        actor=SYSTEM,
        language="fr",
        at=SIGNED,
        terms=Terms(plan=IN_TWO),
    )
    payment = Payment.objects.create(
        order=order, attempt=1, amount_cents=order.first_cents, currency=order.currency, started_at=SIGNED
    )
    let_go([order], at=SIGNED)
    registrations.release_unpaid(registration_ids=[each.id for each in held], at=SIGNED)
    for option in options[len(options) - gone :]:
        a_hold(option, at=SIGNED)
    payment = Payment.objects.select_related("order__payee").get(pk=payment.pk)
    settle.enter(payment=payment, answer=replace(a_paid_page(payment), card=a_kept_card(payee)), at=SIGNED)
    return Order.objects.get(pk=order.pk)
