"""There is one draw, whoever presses at the same instant, and no wish slips past it."""

from threading import Event

import pytest
from django.db import transaction

from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Option
from tenant_apps.openings.models import Opening
from tenant_apps.registrations.lottery import draw, errors, gathering, wishes
from tenant_apps.registrations.models import PlaceRequest, Places, Registration, RequestStatus, Status
from tenants.models import Organisation
from tests.concurrency.crowd import rush, until_somebody_waits
from tests.factories.catalog import an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.openings import DRAW, a_wish, an_offering_of, an_opening
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_claim

PRESSES = 4


@pytest.fixture
def opening(transactional_db: None, organisation_a: Organisation) -> Opening:
    an_organisation_profile()
    return an_opening()


@pytest.fixture
def option(opening: Opening) -> Option:
    return an_option(places=2, offering=an_offering_of(opening))


def drawn_by_many(organisation: Organisation, opening: Opening) -> list[BaseException]:
    def press(_clerk: int) -> None:
        draw.run(opening_id=opening.id, actor=SYSTEM, at=DRAW)

    return rush(organisation, range(PRESSES), press)


def test_many_who_press_at_once_draw_once(organisation_a: Organisation, opening: Opening, option: Option) -> None:
    for _ in range(5):
        a_wish(opening, option)

    refused = drawn_by_many(organisation_a, opening)

    assert [type(error) for error in refused] == [errors.DrawnAlready] * (PRESSES - 1)
    assert Places.objects.get(pk=option.id).taken == 2
    assert Registration.objects.filter(status=Status.HELD).count() == 2
    assert sorted(PlaceRequest.objects.values_list("drawn", flat=True)) == [1, 2, 3, 4, 5]


def test_without_the_conditional_update_they_would_draw_several_times(
    organisation_a: Organisation, opening: Opening, option: Option, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        a_wish(opening, option)
    monkeypatch.setattr(draw, "_claimed", lambda opening_id, at: Opening.objects.get(pk=opening_id))

    refused = drawn_by_many(organisation_a, opening)

    assert refused == []
    assert Entry.objects.filter(action="opening.drawn").count() == PRESSES


def wished_meanwhile(organisation: Organisation, opening: Opening, option: Option) -> list[BaseException]:
    """A family has sent its wish, which is not written yet, when the draw begins."""
    guardian = a_guardian()
    claim, has_begun = a_claim(a_child(of=guardian), option), Event()

    def act(who: str) -> None:
        if who == "draw":
            has_begun.wait(timeout=10)
            draw.run(opening_id=opening.id, actor=SYSTEM, at=DRAW)
            return
        with transaction.atomic():
            gathering.gathering(opening.id, at=NOON)
            has_begun.set()
            until_somebody_waits()
            wishes.say(
                opening_id=opening.id, guardian_id=guardian.id, group=None, choices=[[claim]], actor=SYSTEM, at=NOON
            )

    return rush(organisation, ["family", "draw"], act)


def test_a_wish_that_was_sent_in_time_takes_part(
    organisation_a: Organisation, opening: Opening, option: Option
) -> None:
    assert wished_meanwhile(organisation_a, opening, option) == []

    request = PlaceRequest.objects.get()
    assert (request.status, request.drawn) == (RequestStatus.OFFERED, 1)


def test_a_wish_that_comes_during_the_draw_is_told_that_it_is_over(
    organisation_a: Organisation, opening: Opening, option: Option
) -> None:
    guardian = a_guardian()
    claim, has_begun = a_claim(a_child(of=guardian), option), Event()

    def act(who: str) -> None:
        if who == "family":
            has_begun.wait(timeout=10)
            wishes.say(
                opening_id=opening.id, guardian_id=guardian.id, group=None, choices=[[claim]], actor=SYSTEM, at=NOON
            )
            return
        with transaction.atomic():
            draw.run(opening_id=opening.id, actor=SYSTEM, at=DRAW)
            has_begun.set()
            until_somebody_waits()

    refused = rush(organisation_a, ["family", "draw"], act)

    assert [type(error) for error in refused] == [errors.NotGathering]
    assert not PlaceRequest.objects.exists()


def test_without_the_lock_that_wish_would_be_left_out_and_nobody_told(
    organisation_a: Organisation, opening: Opening, option: Option, monkeypatch: pytest.MonkeyPatch
) -> None:
    guardian = a_guardian()
    claim, has_looked, is_drawn = a_claim(a_child(of=guardian), option), Event(), Event()

    def unlocked(opening_id: object) -> Opening:
        found = Opening.objects.get(pk=opening_id)
        has_looked.set()
        is_drawn.wait(timeout=10)
        return found

    monkeypatch.setattr(gathering, "steady", unlocked)

    def act(who: str) -> None:
        if who == "draw":
            has_looked.wait(timeout=10)
            draw.run(opening_id=opening.id, actor=SYSTEM, at=DRAW)
            is_drawn.set()
            return
        wishes.say(opening_id=opening.id, guardian_id=guardian.id, group=None, choices=[[claim]], actor=SYSTEM, at=NOON)

    assert rush(organisation_a, ["family", "draw"], act) == []
    assert PlaceRequest.objects.get().status == RequestStatus.WISHED
