"""Whose week is a day: by the weeks of ISO, between two days or for ever."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.families import custody
from tenant_apps.families.custody import Period, Weeks

EVEN = [Period(None, None, Weeks.EVEN)]
ODD = [Period(None, None, Weeks.ODD)]
ALL = [Period(None, None, Weeks.ALL)]
MONDAY_28 = date(2026, 7, 6)  # the week that ISO numbers 28


def test_a_week_is_from_monday_to_sunday() -> None:
    week = [MONDAY_28 + timedelta(days=number) for number in range(-1, 8)]

    assert [custody.has_day(EVEN, day) for day in week] == [False, *[True] * 7, False]


def test_a_year_of_53_weeks_has_two_odd_weeks_one_after_the_other() -> None:
    last, first = date(2026, 12, 28), date(2027, 1, 4)

    assert (last.isocalendar().week, first.isocalendar().week) == (53, 1)
    assert custody.has_day(ODD, last)
    assert custody.has_day(ODD, first)


def test_a_period_has_its_two_days_and_nothing_beyond() -> None:
    july = [Period(date(2026, 7, 1), date(2026, 7, 31), Weeks.ALL)]

    assert [custody.has_day(july, date(2026, 7, day)) for day in (1, 31)] == [True, True]
    assert not custody.has_day(july, date(2026, 6, 30))
    assert not custody.has_day(july, date(2026, 8, 1))


def test_what_is_read_is_what_was_written() -> None:
    periods = [Period(date(2026, 7, 1), None, Weeks.ODD), Period(None, date(2026, 8, 1), Weeks.ALL)]

    assert custody.read(custody.as_data(periods)) == periods
    assert custody.as_data(periods)[0] == {"from": "2026-07-01", "until": None, "weeks": "odd"}


def test_the_weeks_of_somebody_are_told_by_their_mondays() -> None:
    found = custody.weeks_of(EVEN, MONDAY_28, MONDAY_28 + timedelta(days=27))

    assert found == [MONDAY_28, MONDAY_28 + timedelta(days=14)]


def test_the_other_of_two_parents_has_the_other_weeks() -> None:
    assert custody.other_weeks(EVEN) == ODD
    assert custody.other_weeks(ALL) == []


def test_a_day_is_taken_when_somebody_else_holds_it_and_i_do_not() -> None:
    friday = MONDAY_28 + timedelta(days=4)

    assert custody.taken_by_others([], [EVEN], MONDAY_28, friday) == MONDAY_28
    assert custody.taken_by_others(EVEN, [EVEN], MONDAY_28, friday) is None
    assert custody.taken_by_others([], [ODD], MONDAY_28, friday) is None
    assert custody.taken_by_others(EVEN, [ODD], MONDAY_28, MONDAY_28 + timedelta(days=8)) == date(2026, 7, 13)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1)))
def test_every_day_is_of_one_of_two_parents_who_take_turns(day: date) -> None:
    assert custody.has_day(EVEN, day) != custody.has_day(custody.other_weeks(EVEN), day)
