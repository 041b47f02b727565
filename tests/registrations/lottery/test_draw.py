"""The draw: once, whole wishes, first choices first, nobody oversold, everybody told a place or a rank."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.catalog.models import Offering, Option, Selection
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.registrations import operations
from tenant_apps.registrations.lottery import draw, errors
from tenant_apps.registrations.lottery.problem import turns_of
from tenant_apps.registrations.lottery.reading import wishes_of
from tenant_apps.registrations.models import PlaceRequest, Places, Registration, RequestStatus, Status
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.openings import DRAW, a_wish, an_offering_of, an_opening
from tests.factories.registrations import a_basket, a_hold


def drawn(opening: Opening) -> draw.Result:
    return draw.run(opening_id=opening.id, actor=SYSTEM, at=DRAW)


def statuses(*requests: PlaceRequest) -> list[str]:
    return [PlaceRequest.objects.get(pk=each.pk).status for each in requests]


def held(option: Option) -> int:
    return Registration.objects.filter(option=option, status=Status.HELD).count()


def said_in_turn(
    opening: Opening, options: Sequence[Option], guardian: Guardian, child: Participant
) -> list[PlaceRequest]:
    """One wish for each, a minute apart."""
    return [
        a_wish(opening, option, of=guardian, child=child, at=NOON + timedelta(minutes=number))[0]
        for number, option in enumerate(options)
    ]


@pytest.mark.line("O-03")
def test_what_was_won_is_held_until_the_hours_of_the_opening_and_the_others_have_a_rank() -> None:
    opening = an_opening(terms={"confirm_hours": 48})
    option = an_option(places=2, offering=an_offering_of(opening))
    requests = [a_wish(opening, option)[0] for _ in range(5)]

    result = drawn(opening)

    every = list(PlaceRequest.objects.order_by("drawn"))
    assert [(each.drawn, each.status) for each in every] == [
        (1, RequestStatus.OFFERED),
        (2, RequestStatus.OFFERED),
        (3, RequestStatus.WAITING),
        (4, RequestStatus.WAITING),
        (5, RequestStatus.WAITING),
    ]
    assert {each.offered_until for each in every[:2]} == {DRAW + timedelta(hours=48)}
    assert {each.queued_at for each in every[2:]} == {DRAW}
    lines = Registration.objects.filter(option=option, status=Status.HELD)
    assert {line.held_until for line in lines} == {DRAW + timedelta(hours=48)}
    assert {line.amount_cents for line in lines} == {option.price_cents}
    assert Places.objects.get(pk=option.id).taken == 2
    assert (result.wishes, result.families, result.by_choice, result.waiting) == (5, 5, {1: 2}, 3)
    assert len(requests) == 5


def held_before(opening: Opening, option: Option, *, until: datetime, child: Participant | None = None) -> Registration:
    """Taken before the offering was given to this opening."""
    hold = a_hold(option, child=child, basket=a_basket(child.guardianships.get().guardian) if child else None)
    Registration.objects.filter(pk=hold.pk).update(held_until=until)
    Offering.objects.filter(pk=option.offering_id).update(opening=opening)
    return hold


def a_listed_offering(**columns: Any) -> Offering:
    return an_offering(waiting={"mode": "automatic"}, **columns)


def test_a_hold_that_ran_out_keeps_no_place_from_the_draw() -> None:
    opening, option = an_opening(), an_option(places=1, offering=a_listed_offering())
    hold = held_before(opening, option, until=DRAW)
    [request] = a_wish(opening, Option.objects.get(pk=option.pk))

    drawn(opening)

    hold.refresh_from_db()
    assert (hold.status, statuses(request)) == (Status.RELEASED, [RequestStatus.OFFERED])
    assert (held(option), Places.objects.get(pk=option.pk).taken) == (1, 1)


def test_a_hold_that_lasts_keeps_its_place_from_the_draw() -> None:
    opening, option = an_opening(), an_option(places=1, offering=a_listed_offering())
    held_before(opening, option, until=DRAW + timedelta(seconds=1))
    [request] = a_wish(opening, Option.objects.get(pk=option.pk))

    drawn(opening)

    assert statuses(request) == [RequestStatus.WAITING]


def test_what_a_child_let_run_out_stands_against_no_wish_of_it() -> None:
    opening = an_opening()
    offering = a_listed_offering(requirements=[{"kind": "limit_child", "maximum": 1}])
    before, wanted = (an_option(places=1, offering=offering) for _ in range(2))
    guardian = a_guardian()
    child = a_child(of=guardian)
    hold = held_before(opening, before, until=DRAW, child=child)
    Registration.objects.filter(pk=hold.pk).update(status=Status.RELEASED)
    [request] = a_wish(opening, Option.objects.get(pk=wanted.pk), of=guardian, child=child)
    Registration.objects.filter(pk=hold.pk).update(status=Status.HELD)

    drawn(opening)

    assert statuses(request) == [RequestStatus.OFFERED]


def test_what_was_won_lies_in_the_basket_that_is_open_then() -> None:
    opening = an_opening()
    option, guardian = an_option(places=1, offering=an_offering_of(opening)), a_guardian()
    a_wish(opening, option, of=guardian)
    operations.close_if_done(basket_id=guardian.baskets.get().id, at=DRAW)

    drawn(opening)

    assert Registration.objects.get(status=Status.HELD).basket.closed_at is None


def test_the_next_choice_is_had_where_the_first_is_gone_and_the_others_are_let_go() -> None:
    opening = an_opening()
    offering = an_offering_of(opening)
    wanted, other, third = (an_option(places=places, offering=offering) for places in (0, 1, 5))

    first, second, last = a_wish(opening, wanted, other, third)
    result = drawn(opening)

    assert statuses(first, second, last) == [
        RequestStatus.SUPERSEDED,
        RequestStatus.OFFERED,
        RequestStatus.SUPERSEDED,
    ]
    assert result.by_choice == {2: 1}
    assert [held(each) for each in (wanted, other, third)] == [0, 1, 0]
    assert Registration.objects.filter(status=Status.RELEASED).count() == 2


@pytest.mark.line("O-03")
def test_siblings_tied_together_have_all_or_nothing() -> None:
    opening = an_opening()
    option, guardian = an_option(places=1, offering=an_offering_of(opening)), a_guardian()
    children = [a_child(name, of=guardian) for name in ("Ada", "Bo")]

    [together] = a_wish(opening, [(child, option) for child in children], of=guardian)
    drawn(opening)

    assert statuses(together) == [RequestStatus.WAITING]
    assert held(option) == 0


def test_who_needs_one_place_has_what_tied_siblings_cannot_use() -> None:
    opening = an_opening()
    option, guardian = an_option(places=1, offering=an_offering_of(opening)), a_guardian()
    children = [a_child(name, of=guardian) for name in ("Ada", "Bo")]
    [together] = a_wish(opening, [(child, option) for child in children], of=guardian)
    [alone] = a_wish(opening, option)

    drawn(opening)

    assert statuses(together, alone) == [RequestStatus.WAITING, RequestStatus.OFFERED]


@pytest.mark.line("O-03")
def test_the_priority_groups_come_first_whatever_the_seed() -> None:
    rules = [{"kind": "age", "max": 6, "unit": "year", "on": "named", "day": "2026-09-01"}]
    opening = an_opening(terms={"priorities": [{"name": "Maternelles", "rules": rules}]})
    option = an_option(places=2, offering=an_offering_of(opening))
    elder = [a_wish(opening, option)[0] for _ in range(4)]
    guardians = [a_guardian() for _ in range(2)]
    small = [
        a_wish(opening, option, of=each, child=a_child(of=each, birth_date=date(2021, 1, 1)))[0] for each in guardians
    ]

    drawn(opening)

    assert statuses(*small) == [RequestStatus.OFFERED] * 2
    assert statuses(*elder) == [RequestStatus.WAITING] * 4


def test_no_child_has_a_second_wish_before_every_child_had_a_chance_at_a_first() -> None:
    opening = an_opening()
    offering = an_offering_of(opening)
    one, other = an_option(places=3, offering=offering), an_option(places=3, offering=offering)
    guardian = a_guardian()
    child = a_child(of=guardian)
    greedy = said_in_turn(opening, [one, other], guardian, child)
    modest = [a_wish(opening, other)[0] for _ in range(3)]

    drawn(opening)

    assert statuses(*modest) == [RequestStatus.OFFERED] * 3
    assert statuses(*greedy) == [RequestStatus.OFFERED, RequestStatus.WAITING]


def test_a_brother_and_a_sister_each_have_a_first_wish() -> None:
    opening = an_opening()
    option, guardian = an_option(places=0, offering=an_offering_of(opening)), a_guardian()
    for name in ("Ada", "Bo"):
        a_wish(opening, option, of=guardian, child=a_child(name, of=guardian))

    assert list(turns_of(wishes_of(opening.id)).values()) == [1, 1]


def test_places_shared_by_several_options_are_never_oversold() -> None:
    opening = an_opening()
    offering = an_offering_of(opening)
    bus = an_option(places=3, offering=offering)
    groups = [an_option(places=3, offering=offering) for _ in range(2)]
    Places.objects.filter(pk__in=[group.id for group in groups]).update(shared=[bus.id])
    for number in range(8):
        a_wish(opening, groups[number % 2], groups[1 - number % 2])

    drawn(opening)

    assert sum(held(group) for group in groups) == 3
    assert Places.objects.get(pk=bus.id).taken == 3


def test_the_limit_of_a_child_holds_over_all_its_wishes() -> None:
    opening = an_opening()
    offering = an_offering_of(opening, requirements=[{"kind": "limit_child", "maximum": 2}])
    guardian = a_guardian()
    child = a_child(of=guardian)
    options = [an_option(places=9, offering=offering) for _ in range(4)]
    requests = said_in_turn(opening, options, guardian, child)

    drawn(opening)

    assert statuses(*requests) == [RequestStatus.OFFERED] * 2 + [RequestStatus.SUPERSEDED] * 2


def test_a_family_limit_counts_what_the_family_has_already() -> None:
    opening = an_opening()
    offering = an_offering_of(opening, requirements=[{"kind": "limit_family", "maximum": 2}])
    option, guardian = an_option(places=9, offering=offering), a_guardian()
    children = [a_child(name, of=guardian) for name in ("Ada", "Bo", "Cleo")]
    requests = [a_wish(opening, option, of=guardian, child=child)[0] for child in children[:2]]
    basket = operations.open_basket(guardian_id=guardian.id, at=DRAW)
    Registration.objects.create(
        basket=basket,
        participant=children[2],
        option=an_option(offering=offering),
        unit_cents=0,
        amount_cents=0,
        held_until=DRAW,
        contact_email="a@b.example",
        created_at=DRAW,
        status=Status.CONFIRMED,
    )

    drawn(opening)

    assert sorted(statuses(*requests)) == [RequestStatus.OFFERED, RequestStatus.SUPERSEDED]


def test_one_per_week_holds_between_two_wishes_of_a_child() -> None:
    opening = an_opening()
    offering = an_offering_of(opening, selection=Selection.PER_WEEK)
    guardian = a_guardian()
    child = a_child(of=guardian)
    same = [an_option(places=9, offering=offering, starts_on=date(2027, 7, 5)) for _ in range(2)]
    later = an_option(places=9, offering=offering, starts_on=date(2027, 7, 12))
    requests = said_in_turn(opening, [*same, later], guardian, child)

    drawn(opening)

    assert statuses(*requests) == [RequestStatus.OFFERED, RequestStatus.SUPERSEDED, RequestStatus.OFFERED]


def test_without_a_waiting_list_the_rank_is_told_and_the_wish_is_over() -> None:
    opening = an_opening()
    option = an_option(places=0, offering=an_offering_of(opening, waiting={"mode": "off"}))
    [request] = a_wish(opening, option)

    drawn(opening)

    request.refresh_from_db()
    assert (request.status, request.drawn) == (RequestStatus.LEFT, 1)


def test_who_may_no_longer_register_the_child_takes_no_place() -> None:
    opening = an_opening()
    option, guardian = an_option(places=1, offering=an_offering_of(opening)), a_guardian()
    child = a_child(of=guardian)
    [request] = a_wish(opening, option, of=guardian, child=child)
    child.guardianships.update(is_blocked=True)

    drawn(opening)

    assert (statuses(request), held(option)) == ([RequestStatus.SUPERSEDED], 0)


def test_everybody_is_told_once() -> None:
    opening, guardian = an_opening(), a_guardian()
    offering = an_offering_of(opening)
    for name in ("Ada", "Bo"):
        a_wish(opening, an_option(places=1, offering=offering), of=guardian, child=a_child(name, of=guardian))

    drawn(opening)

    assert list(Event.objects.filter(kind="wishes.drawn").values_list("payload", flat=True)) == [
        {"opening": str(opening.id), "guardian": str(guardian.id)}
    ]


def test_there_is_one_draw() -> None:
    opening = an_opening()
    a_wish(opening, an_option(places=1, offering=an_offering_of(opening)))
    drawn(opening)

    with pytest.raises(errors.DrawnAlready):
        drawn(opening)


def test_nobody_draws_before_the_instant_nor_in_a_queue() -> None:
    lottery, queue = an_opening(), an_opening(Mode.QUEUE)

    with pytest.raises(errors.TooEarly):
        draw.run(opening_id=lottery.id, actor=SYSTEM, at=DRAW - timedelta(seconds=1))
    with pytest.raises(errors.NotALottery):
        drawn(queue)
