"""Dates told from the day of loading."""

from datetime import UTC, date, datetime

import pytest

from tenant_apps.demonstration import dates
from tests.factories.moments import TORONTO

WEDNESDAY = date(2022, 11, 23)


@pytest.mark.parametrize(
    ("notation", "day"),
    [
        ("wed+0w", date(2022, 11, 23)),
        ("mon", date(2022, 11, 21)),
        ("wed+7w", date(2023, 1, 11)),
        ("fri+3w", date(2022, 12, 16)),
        ("sun-1w", date(2022, 11, 20)),
        ("mon@07-01", date(2023, 7, 3)),
        ("fri@07-01", date(2023, 7, 7)),
        ("fri@07-01-2w", date(2023, 6, 23)),
        ("mon@12-20", date(2023, 12, 25)),
    ],
)
def test_a_day_is_counted_from_the_week_of_loading_or_from_a_day_of_the_year(notation: str, day: date) -> None:
    assert dates.day(notation, loaded_on=WEDNESDAY) == day


@pytest.mark.parametrize("loaded_on", [date(2027, 6, 2), date(2027, 6, 3), date(2027, 6, 4)])
def test_a_week_and_its_end_are_of_the_same_year_whatever_the_day(loaded_on: date) -> None:
    monday = dates.day("mon@07-01", loaded_on=loaded_on)

    assert (dates.day("fri@07-01", loaded_on=loaded_on) - monday).days == 4
    assert (monday - loaded_on).days >= 28


def test_an_hour_is_local() -> None:
    assert dates.moment("mon+1w 18:00", loaded_on=WEDNESDAY, zone=TORONTO) == datetime(2022, 11, 28, 23, tzinfo=UTC)


@pytest.mark.parametrize("notation", ["", "friday", "fri+w", "fri+3w at six", "1 July"])
def test_what_is_no_date_is_named(notation: str) -> None:
    with pytest.raises(dates.BadDate, match="is not written like"):
        dates.day(notation, loaded_on=WEDNESDAY)
