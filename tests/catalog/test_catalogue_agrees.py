"""What the database says of the whole list is what the evaluator says of each offering and of each participant."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from kernel import clock
from tenant_apps.catalog import audiences, queries
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.filters import Filters
from tenant_apps.catalog.models import Offering
from tenant_apps.openings.models import Mode
from tenant_apps.registrations.queries import full_options, places_left
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON, TORONTO
from tests.factories.organisation import a_level, an_establishment
from tests.factories.queues import a_queue

pytestmark = pytest.mark.usefixtures("organisation_a")

TODAY = clock.local_date(NOON, TORONTO)
_DAY = timedelta(days=1)


def a_window(opens_in: timedelta, closes_in: timedelta | None = None, **told: Any) -> dict[str, Any]:
    closes_at = (NOON + closes_in).isoformat() if closes_in is not None else None
    return {"name": "Tous", "for": [], "opens_at": (NOON + opens_in).isoformat(), "closes_at": closes_at, **told}


WINDOWS = {
    "none": [],
    "open": [a_window(-_DAY, _DAY)],
    "opens at this moment": [a_window(timedelta(0))],
    "later": [a_window(_DAY)],
    "closed": [a_window(-2 * _DAY, -_DAY)],
    "closes at this moment": [a_window(-_DAY, timedelta(0))],
    "closed, another later": [a_window(-2 * _DAY, -_DAY), a_window(_DAY)],
}
OPENINGS = {"always": None, "now": NOON, "later": NOON + 2 * _DAY}
DEADLINES = {"none": None, "today": TODAY, "yesterday": TODAY - _DAY}
DAYS = {"none": (None, None), "past": (TODAY - 2 * _DAY, TODAY - _DAY), "running": (TODAY - _DAY, TODAY)}


def test_availability_is_the_same_in_the_list_and_on_the_card() -> None:
    for windows, opens_at, deadline, days in product(WINDOWS, OPENINGS, DEADLINES, DAYS):
        starts_on, ends_on = DAYS[days]
        an_offering(
            f"{windows}, {opens_at}, {deadline}, {days}",
            windows=WINDOWS[windows],
            opens_at=OPENINGS[opens_at],
            deadline_on=DEADLINES[deadline],
            starts_on=starts_on,
            ends_on=ends_on,
        )

    assert len(_disagreements()) == 0
    assert Offering.objects.count() == 189


def test_what_a_queue_or_a_draw_keeps_closed_is_closed_in_the_list_and_on_the_card() -> None:
    moments = product(Mode, (-_DAY, timedelta(0), _DAY), (None, timedelta(0), _DAY))
    told = [(mode, opens, ends) for mode, opens, ends in moments]
    for (mode, opens, ends), windows in product(told, ("none", "open", "later", "closed")):
        opens_at, ended_at = NOON + opens, NOON + ends if ends is not None else None
        opening = a_queue(mode=mode, opens_at=opens_at, gathers_from=opens_at - 2 * _DAY, ended_at=ended_at)
        an_offering(f"{mode}, {opens}, {ends}, {windows}", opening=opening, windows=WINDOWS[windows])

    assert _disagreements() == []
    assert Offering.objects.count() == 72


@pytest.mark.parametrize(
    "options",
    [
        [{"places": 0}],
        [{"places": 0}, {"places": 1}],
        [{"places": 0}, {"places": None}],
        [{"places": 3, "starts_on": date(2020, 1, 1)}],
        [{"places": 3, "starts_on": date(2020, 1, 1)}, {"places": 0}],
        [{"places": 3, "is_offered": False}],
        [{"places": 3, "is_offered": False}, {"places": 2}],
    ],
)
def test_places_and_days_of_options_count_alike(options: list[dict[str, Any]]) -> None:
    offering = an_offering()
    for columns in options:
        an_option(offering=offering, **columns)

    assert _disagreements() == []


def _disagreements() -> list[tuple[str, str, str]]:
    entries = queries.listing(Filters(), at=NOON, zone=TORONTO, full=full_options(at=NOON)).entries
    cards = queries.cards([each.id for each in entries], at=NOON, zone=TORONTO, places_left=places_left)
    told = zip(entries, cards, strict=True)
    return [(e.title, str(e.availability), str(c.availability)) for e, c in told if e.availability != c.availability]


@pytest.mark.line("S2-07")
def test_what_is_for_others_is_what_the_evaluator_refuses_for_good() -> None:
    second, sixth, here = a_level("2e année"), a_level("6e année"), an_establishment()
    guardian = a_guardian()
    child = a_child("Sarah", of=guardian, level=second, establishment=here, birth_date=date(2018, 5, 1))
    schools = ([], [here], [an_establishment()], [here, an_establishment()])
    rules: tuple[list[dict[str, Any]], ...] = (
        [],
        [{"kind": "age", "min": 12, "on": "today"}],
        [{"kind": "age", "max": 99, "on": "today"}],
    )
    for levels, places, is_reserved, asked in product(([], [second], [sixth]), schools, (True, False), rules):
        an_offering(
            levels=levels,
            establishments=places,
            reserved_to_establishments=is_reserved,
            requirements=asked,
            starts_on=TODAY,
        )
    entries = queries.listing(Filters(), at=NOON, zone=TORONTO, full=()).entries
    choices = queries.choices(at=NOON)

    found = audiences.for_others(
        entries,
        child,
        levels=choices.levels,
        establishments=choices.establishments,
        guardian_id=guardian.id,
        at=NOON,
        zone=TORONTO,
    )

    offerings = list(Offering.objects.all())
    known = Eligibility.of(offerings, [child], guardian_id=guardian.id, at=NOON, zone=TORONTO)
    assert found == {each.id for each in offerings if audiences.is_for_others(known.of_all(each, child))}
    assert 0 < len(found) < len(offerings) == 72
