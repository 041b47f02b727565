"""A draw is asked for once, and done by a worker whatever stops it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import Settings

from kernel import leases
from shared_apps.audit.actors import SYSTEM, Actor
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Event
from tenant_apps.openings import preparing
from tenant_apps.openings.errors import DrawUnderWay
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.registrations.lottery import asking, errors
from tenant_apps.registrations.models import PlaceRequest, RequestStatus
from tests.factories.catalog import an_option
from tests.factories.moments import NOON
from tests.factories.openings import DRAW, a_wish, an_offering_of, an_opening


def asked(opening: Opening) -> Event:
    asking.ask(opening_id=opening.id, actor=Actor(kind="staff", label="Sylvie"), at=DRAW)
    return Event.objects.get(kind=asking.EVENT)


def a_wished_opening() -> Opening:
    opening = an_opening()
    a_wish(opening, an_option(places=1, offering=an_offering_of(opening)))
    return opening


def test_asked_twice_it_is_asked_and_drawn_once_and_both_are_told_of_who_asked() -> None:
    opening = a_wished_opening()

    asked(opening)
    asked(opening)
    delivery.handle_events(at=DRAW)

    trail = Entry.objects.filter(action__in=("opening.draw_asked", "opening.drawn")).order_by("action")
    assert list(trail.values_list("action", "actor_label")) == [
        ("opening.draw_asked", "Sylvie"),
        ("opening.drawn", "Sylvie"),
    ]
    assert PlaceRequest.objects.get().status == RequestStatus.OFFERED


def test_a_worker_that_died_leaves_the_word_to_the_next() -> None:
    opening = a_wished_opening()
    event = asked(opening)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        next(leases.claimed(Event.objects.filter(pk=event.pk), at=DRAW))
        asking.draw_now(event.payload)
        raise KeyboardInterrupt
    undone = Opening.objects.get(pk=opening.pk).drawn_at

    delivery.handle_events(at=DRAW + leases.LEASE)

    assert undone is None
    assert Opening.objects.get(pk=opening.pk).drawn_at is not None
    assert PlaceRequest.objects.get().status == RequestStatus.OFFERED


def test_the_word_that_comes_twice_changes_nothing() -> None:
    opening = a_wished_opening()
    event = asked(opening)
    asking.draw_now(event.payload)
    drawn = Opening.objects.get(pk=opening.pk)

    asking.draw_now(event.payload)

    again = Opening.objects.get(pk=opening.pk)
    assert (again.drawn_at, again.draw_failed_at) == (drawn.drawn_at, None)


def test_what_cannot_be_done_is_told_and_may_be_asked_again(settings: Settings, tmp_path: Path) -> None:
    opening = a_wished_opening()
    settings.MEDIA_ROOT = tmp_path / "file"
    settings.MEDIA_ROOT.write_text("")

    event = asked(opening)
    delivery.handle_events(at=DRAW)

    told = Opening.objects.get(pk=opening.pk)
    event.refresh_from_db()
    assert (told.drawn_at, told.draw_asked_at) == (None, None) and told.draw_failed_at is not None
    assert event.handled_at == DRAW
    assert PlaceRequest.objects.get().status == RequestStatus.WISHED
    assert Entry.objects.get(action="opening.draw_failed").details == {"error": "NotADirectoryError"}


@pytest.mark.parametrize(
    ("columns", "refusal"),
    [
        ({"mode": Mode.QUEUE}, errors.NotALottery),
        ({"opens_at": DRAW + timedelta(seconds=1)}, errors.TooEarly),
        ({"drawn_at": DRAW}, errors.DrawnAlready),
    ],
)
def test_what_is_no_draw_to_come_is_not_asked_for(columns: dict[str, object], refusal: type[Exception]) -> None:
    opening = an_opening(**columns)

    with pytest.raises(refusal):
        asking.ask(opening_id=opening.id, actor=SYSTEM, at=DRAW)

    assert not Event.objects.filter(kind=asking.EVENT).exists()


def test_meanwhile_the_opening_is_not_changed() -> None:
    opening = a_wished_opening()
    asked(opening)

    with pytest.raises(DrawUnderWay):
        preparing.change_opening(opening_id=opening.pk, columns={"opens_at": NOON}, actor=SYSTEM, at=DRAW)
