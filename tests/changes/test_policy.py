"""Fees and last days, to the second, also in the night when the clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import clock
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.changes import policy as policies
from tenant_apps.changes import wording
from tenant_apps.changes.policy import Decision, Fee, Policy
from tests.factories.moments import BRUSSELS, TORONTO

STEPS = {
    "allowed": True,
    "until_days": 2,
    "fees": [{"percent": "10"}, {"from_days_before": 14, "percent": "50"}, {"from_days_before": 7, "percent": "100"}],
}


def starting(on: date | None, until: date | None = None) -> Option:
    return Option(offering=Offering(), starts_on=on, ends_on=until)


def kept(at: datetime, *, start: date, zone=TORONTO) -> int:
    policy = policies.read(STEPS)
    return policy.fee_cents(10000, starting(start), on=clock.local_date(at, zone))


def test_each_step_holds_from_the_first_second_of_its_day():
    start = date(2026, 7, 20)
    before = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)  # midnight in Toronto, fourteen days before

    assert kept(before - timedelta(seconds=1), start=start) == 1000
    assert kept(before, start=start) == 5000
    assert kept(before + timedelta(days=7, seconds=-1), start=start) == 5000
    assert kept(before + timedelta(days=7), start=start) == 10000


@pytest.mark.parametrize(
    ("start", "midnight"),
    [
        (date(2026, 3, 22), datetime(2026, 3, 8, 5, 0, tzinfo=UTC)),  # the day that has twenty-three hours
        (date(2026, 11, 15), datetime(2026, 11, 1, 4, 0, tzinfo=UTC)),  # and the one that has twenty-five
    ],
)
def test_the_night_when_the_clocks_change_has_its_own_midnight(start, midnight):
    assert kept(midnight - timedelta(seconds=1), start=start) == 1000
    assert kept(midnight, start=start) == 5000


def test_the_last_day_is_included_to_its_last_second():
    policy, option = policies.read(STEPS), starting(date(2026, 10, 27))

    # The clocks of Brussels go back in the night that ends that day.
    assert policy.last_day(option) == date(2026, 10, 25)
    assert policy.ends_at(option, BRUSSELS) == datetime(2026, 10, 25, 23, 0, tzinfo=UTC)


def test_without_a_number_of_days_it_is_until_the_last_day():
    policy = Policy(allowed=True)

    assert policy.last_day(starting(date(2026, 7, 6), date(2026, 7, 10))) == date(2026, 7, 10)
    assert policy.ends_at(starting(None), TORONTO) is None


def test_what_has_no_day_has_only_the_fee_that_holds_always():
    assert policies.read(STEPS).fee_cents(10000, starting(None), on=date(2030, 1, 1)) == 1000


def test_the_offering_says_each_thing_for_itself_over_the_organisation():
    offering = Offering(changes={"withdrawal": {"until_days": 7}})

    found = policies.policy_of(offering, "withdrawal", {"changes": {"withdrawal": {**STEPS, "decision": "staff"}}})

    assert (found.allowed, found.until_days, found.decision, len(found.fees)) == (True, 7, Decision.STAFF, 3)
    assert policies.policy_of(offering, "swap", {}) == Policy()


def test_a_policy_is_read_as_it_was_written():
    policy = policies.read({**STEPS, "asks_reason": True})

    assert policies.read(policies.write(policy)) == policy


def test_a_policy_is_told_in_sentences():
    assert wording.explain(Policy()) == ["Les familles écrivent à l’organisation\u202f: rien ne se fait en ligne."]


fees = st.builds(
    Fee,
    from_days_before=st.none() | st.integers(0, 60),
    percent=st.decimals(0, 100, places=2),
    cents=st.integers(0, 50000),
)


@given(st.lists(fees, max_size=4), st.integers(0, 100000), st.integers(0, 90))
def test_no_fee_is_below_zero_or_above_what_was_paid(steps, paid, days):
    policy = Policy(allowed=True, fees=tuple(steps))

    assert 0 <= policy.fee_cents(paid, starting(date(2026, 7, 20)), on=date(2026, 7, 20) - timedelta(days=days)) <= paid
