"""A confirmed registration that moves to another option, to a sibling, or gives way to the one that replaces it."""

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.registrations import ending, errors, operations, pricing, queries, swapping
from tenant_apps.registrations.models import Registration, RequestStatus, Status
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.moments import NOON
from tests.factories.registrations import a_hold
from tests.registrations.test_shared_places import counted, groups
from tests.registrations.test_waiting import a_camp, asks, status_of


def a_confirmed(option, **more):
    return operations.confirm(registration_id=a_hold(option, **more).id, at=NOON)


def swap(registration, option):
    price = pricing.quotes_instead(registration, [option], at=NOON)[0]
    return swapping.swap_place(registration_id=registration.id, option_id=option.id, price=price, at=NOON)


def test_the_new_place_is_taken_and_the_old_one_goes_to_who_waits():
    camp = a_camp()
    monday, tuesday = (an_option(places=1, offering=camp) for _ in range(2))
    mine = a_confirmed(monday)
    request = asks(monday)

    assert swap(mine, tuesday).option == tuesday

    assert status_of(request) == [RequestStatus.OFFERED]
    assert [counted(monday), counted(tuesday)] == [(1, 0), (1, 0)]


def test_a_full_week_is_not_swapped_for_and_nothing_is_lost():
    monday, tuesday = an_option(places=1), an_option(places=0)
    mine = a_confirmed(monday)

    with pytest.raises(errors.OptionFull):
        swap(mine, tuesday)

    mine.refresh_from_db()
    assert (mine.option, counted(monday)) == (monday, (1, 0))


def test_who_changes_groups_keeps_their_seat_in_a_full_bus():
    bus, (first, second) = groups(seats=1)
    mine = a_confirmed(first)

    swap(mine, second)

    assert [counted(bus), counted(first), counted(second)] == [(1, 0), (0, 0), (1, 0)]


def test_a_week_that_the_child_has_already_is_not_swapped_for():
    monday, tuesday = an_option(places=1), an_option(places=2)
    mine = a_confirmed(monday)
    a_hold(tuesday, basket=mine.basket, child=mine.participant)

    with pytest.raises(errors.AlreadyRegistered):
        swap(mine, tuesday)


def hand_over(registration, child):
    return swapping.hand_over(
        registration_id=registration.id, participant_id=child.id, submission_id=None, consent_id=None
    )


def test_a_sibling_takes_the_place_over_and_none_of_the_answers():
    option = an_option(places=1)
    mine = a_confirmed(option)
    bo = a_child("Bo", of=mine.basket.guardian)

    given = hand_over(mine, bo)

    assert (given.participant, given.submission, given.consent, given.status) == (bo, None, None, Status.CONFIRMED)
    assert counted(option) == (1, 0)


def test_only_what_is_confirmed_ends_or_changes():
    option, other = an_option(places=1), an_option(places=1)
    held = a_hold(option)

    with pytest.raises(errors.NotConfirmed):
        ending.withdraw(registration_id=held.id, actor=SYSTEM, at=NOON)
    with pytest.raises(errors.NotConfirmed):
        swap(held, other)
    with pytest.raises(errors.NotConfirmed):
        hand_over(held, held.participant)

    assert queries.places_left([option.id, other.id], at=NOON) == {option.id: 0, other.id: 1}


def test_what_replaces_a_registration_ends_it_once_it_is_confirmed():
    monday, tuesday = an_option(places=1), an_option(places=1)
    mine = a_confirmed(monday)
    new = a_hold(tuesday, basket=mine.basket, child=mine.participant, instead_of=mine.id)
    assert counted(monday) == (1, 0)

    operations.confirm(registration_id=new.id, at=NOON)
    operations.confirm(registration_id=new.id, at=NOON)

    statuses = dict(Registration.objects.values_list("option_id", "status"))
    assert statuses == {monday.id: Status.WITHDRAWN, tuesday.id: Status.CONFIRMED}
    assert [counted(monday), counted(tuesday)] == [(0, 0), (1, 0)]
