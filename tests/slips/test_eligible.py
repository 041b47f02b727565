"""What the ledger says was paid for the care of each child."""

from datetime import date
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from shared_apps.audit.actors import SYSTEM
from tenant_apps.organisation.models import Profile
from tenant_apps.payments import credit
from tenant_apps.payments.operations import crediting
from tenant_apps.payments.operations.refund import owe_refund
from tenant_apps.slips import care, eligible
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.registrations import a_basket, a_hold
from tests.office.money import ordered
from tests.slips.world import (
    DECEMBER,
    MARCH,
    MONDAY,
    a_camp,
    a_family,
    a_paid_week,
    a_week,
    an_issuer,
    an_unpaid_order,
    pay,
)

CA = "America/Toronto"


def test_a_paid_week_is_five_days_and_its_price(profile: Profile) -> None:
    payee = an_issuer("childcare")
    guardian, child = a_family()
    a_paid_week(a_week(a_camp(payee)), guardian, child)

    [claim] = eligible.claims(payee.pk, 2026, zone=profile.zone)

    assert (claim.guardian, claim.participant) == (guardian, child)
    assert (claim.cents, claim.ineligible_cents) == (10000, 0)
    assert [len(each.days) for each in claim.cares] == [5]


def test_meals_and_what_has_no_dates_give_no_right(profile: Profile) -> None:
    payee = an_issuer("childcare")
    guardian, child = a_family()
    camp = a_camp(payee, ineligible_cents=1500)
    shirt = an_option("Chandail", offering=camp, price=2000)
    order = an_unpaid_order([a_week(camp), shirt], guardian, child)
    pay(order, 12000, MARCH)

    [claim] = eligible.claims(payee.pk, 2026, zone=profile.zone)

    assert (claim.cents, claim.ineligible_cents) == (8500, 3500)


def test_what_is_no_care_is_on_no_slip(profile: Profile) -> None:
    payee = an_issuer("childcare")
    guardian, child = a_family()
    a_paid_week(a_week(an_offering(payee=payee)), guardian, child)

    assert eligible.claims(payee.pk, 2026, zone=profile.zone) == []


def test_another_payee_s_money_is_on_no_slip_of_this_one(profile: Profile) -> None:
    guardian, child = a_family()
    a_paid_week(a_week(a_camp(an_issuer("childcare"))), guardian, child)

    assert eligible.claims(an_issuer("childcare").pk, 2026, zone=profile.zone) == []


def test_paid_in_two_years_it_is_on_both_for_what_was_paid_in_each(profile: Profile) -> None:
    payee = an_issuer("childcare")
    guardian, child = a_family()
    # Paid later: the sale is entered at the first payment, the rest is owed.
    order = an_unpaid_order(
        [a_week(a_camp(payee), starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5))], guardian, child
    )
    order.first_cents = 5001
    order.save()
    pay(order, 5001, DECEMBER)
    pay(order, 4999, DECEMBER.replace(year=2027, month=1, day=15))

    years = [eligible.claims(payee.pk, year, zone=profile.zone) for year in (2026, 2027, 2028)]

    assert [[claim.cents for claim in claims] for claims in years] == [[5001], [4999], []]
    days = [each.days for [claim] in years[:2] for each in claim.cares]
    assert [len(each) for each in days] == [3, 2]
    assert set(days[0]) & set(days[1]) == set()


def test_a_moment_is_of_the_year_where_the_organisation_is(profile: Profile) -> None:
    payee = an_issuer("childcare")
    guardian, child = a_family()
    # Two in the morning in London is nine in the evening, the last of the year, in Québec.
    new_year = MARCH.replace(year=2027, month=1, day=1, hour=2)
    a_paid_week(
        a_week(a_camp(payee), starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5)), guardian, child, at=new_year
    )

    assert [claim.cents for claim in eligible.claims(payee.pk, 2026, zone=profile.zone)] == [10000]


def test_what_is_given_back_is_taken_off_the_year_that_it_was_paid_in(profile: Profile) -> None:
    payee = an_issuer("childcare")
    guardian, child = a_family()
    order = a_paid_week(a_week(a_camp(payee)), guardian, child)
    [payment] = order.payments.all()
    owe_refund(payment=payment, cents=2500, reason="mended", at=DECEMBER.replace(year=2027, month=2))

    [claim] = eligible.claims(payee.pk, 2026, zone=profile.zone)

    assert claim.cents == 7500
    assert not claim.cares[0].is_paid


def test_two_children_of_one_order_share_what_was_paid_of_it_in_proportion(profile: Profile) -> None:
    payee = an_issuer("childcare")
    guardian, child = a_family()
    brother = a_child("Bo", of=guardian, birth_date=date(2017, 5, 5))
    camp, basket = a_camp(payee), a_basket(guardian)
    a_hold(a_week(camp, price=10000), basket=basket, child=child, at=MARCH)
    a_hold(a_week(camp, price=5000), basket=basket, child=brother, at=MARCH)
    [order] = ordered(basket.pk, at=MARCH)
    order.first_cents = 10001
    order.save()
    pay(order, 10001, MARCH)

    claims = eligible.claims(payee.pk, 2026, zone=profile.zone)

    assert [claim.cents for claim in claims] == [6667, 3334]


def test_the_number_of_queries_does_not_grow_with_the_families(profile: Profile) -> None:
    payee = an_issuer("childcare")
    camp = a_camp(payee)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            eligible.claims(payee.pk, 2026, zone=profile.zone)
        return len(caught)

    a_paid_week(a_week(camp), *a_family())
    with_one = queries()
    for _ in range(2):
        a_paid_week(a_week(camp), *a_family())

    assert (with_one, queries()) == (3, 3)


def test_week_ends_count_only_where_care_begins_or_ends_on_one() -> None:
    camp = a_camp(an_issuer("childcare"))
    two_weeks = a_week(camp, starts_on=MONDAY, ends_on=date(2026, 7, 17))
    long_week_end = a_week(camp, starts_on=date(2026, 7, 10), ends_on=date(2026, 7, 12))

    assert len(care.days_of(two_weeks)) == 10
    assert len(care.days_of(two_weeks, is_overnight=True)) == 12
    assert len(care.days_of(long_week_end)) == 3


def test_half_days_are_counted_as_the_organisation_has_it() -> None:
    days = [date(2026, 7, day) for day in (6, 7, 8)]

    counted = [care.counted(days, is_half_day=True, half_days=rule) for rule in ("up", "down", "whole")]

    assert counted == [2, 1, 3]


def test_days_from_the_birthday_on_are_left_out() -> None:
    days = [date(2026, 7, day) for day in (6, 7, 8)]

    assert care.before_birthday(days, date(2012, 7, 8), 14) == days[:2]
    assert care.before_birthday([date(2026, 2, 28), date(2026, 3, 1)], date(2012, 2, 29), 14) == [date(2026, 2, 28)]


def test_weeks_of_stays_are_begun_weeks() -> None:
    assert care.weeks(date(2026, 7, day) for day in range(5, 11)) == 1
    assert care.weeks(date(2026, 7, day) for day in [*range(5, 13), 20]) == 3


def test_a_gift_of_the_organisation_is_paid_by_nobody(profile: Profile) -> None:
    """Of 100 $, 30 $ were given: 70 $ are paid, and all of it is paid. What was paid in before is money."""
    payee = an_issuer("childcare")
    guardian, child = a_family()
    owner = {"guardian_id": guardian.pk, "payee_id": payee.pk, "actor": SYSTEM, "at": MARCH}
    crediting.grant(cents=3000, words="Geste", key=uuid4(), **owner)
    order = an_unpaid_order([a_week(a_camp(payee))], guardian, child)
    credit.reserve(order=order, most_cents=10000, at=MARCH)
    pay(order, 7000, MARCH)

    [claim] = eligible.claims(payee.pk, 2026, zone=profile.zone)

    assert claim.cents == 7000
    assert all(each.is_paid for each in claim.cares)
