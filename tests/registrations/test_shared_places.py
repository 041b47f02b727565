"""Places that several options share, as the seats of a bus, and the number of places changed at any time."""

import pytest
from django.test.utils import CaptureQueriesContext

from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from tenant_apps.registrations import errors, operations, queries, quotas
from tenant_apps.registrations.models import Places, RequestStatus
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.registrations import a_hold
from tests.registrations.test_waiting import a_camp, asks, let_go, status_of


def a_bus(offering, seats=2):
    return quotas.create(offering_id=offering.id, name={"fr": "Car"}, capacity=seats, actor=SYSTEM, at=NOON)


def share(option, *bus):
    quotas.set_shared(option_id=option.id, quota_ids=bus, actor=SYSTEM, at=NOON)


def groups(seats=2, places=5, number=2, offering=None):
    """As many groups in one bus."""
    offering = offering or an_offering()
    bus, every = a_bus(offering, seats), [an_option(places=places, offering=offering) for _ in range(number)]
    for option in every:
        share(option, bus)
    return bus, every


def counted(key):
    row = Places.objects.get(option_id=getattr(key, "id", key))
    return row.taken, row.set_aside


def test_all_that_may_be_offered_is_locked_before_a_bus_is_whoever_shares_it():
    """The order of everybody: options first, so that who asks for a place at that instant waits, and no more."""
    bus, (first, second) = groups(seats=1, offering=a_camp())
    a_hold(first)
    asks(second)
    third = an_option(places=5, offering=first.offering)

    with CaptureQueriesContext(connection) as statements:
        share(third, bus)

    options, buses = [each["sql"] for each in statements if 'UPDATE OF "registrations_places"' in each["sql"]][:2]
    assert all(option.id.hex in options for option in (first, second, third))
    assert bus.hex in buses


def test_each_group_has_as_many_places_as_the_bus_has_seats():
    bus, (first, second) = groups(seats=2)
    a_hold(first)

    assert queries.places_left([first.id, second.id], at=NOON) == {first.id: 1, second.id: 1}
    a_hold(second)

    with pytest.raises(errors.OptionFull) as refusal:
        a_hold(first)
    assert refusal.value.option_names == [str(first)]
    assert queries.full_options(at=NOON) >= {first.id, second.id}
    assert counted(bus) == (2, 0)


def test_a_group_without_a_number_of_places_is_full_when_the_bus_is():
    _, (first, _) = groups(seats=1, places=None)
    a_hold(first)

    with pytest.raises(errors.OptionFull):
        a_hold(first)


def test_a_seat_that_is_given_back_is_free_for_every_group():
    _, (first, second) = groups(seats=1)
    let_go(a_hold(first))

    assert queries.places_left([second.id], at=NOON) == {second.id: 1}
    a_hold(second)


def test_a_hold_that_ran_out_in_one_group_gives_its_seat_to_another():
    _, (first, second) = groups(seats=1)
    late = a_hold(first)

    assert queries.places_left([second.id], at=late.held_until) == {second.id: 1}
    a_hold(second, at=late.held_until)


def test_a_seat_that_comes_free_goes_to_who_waits_in_another_group():
    _, (first, second) = groups(seats=1, offering=a_camp())
    held, request = a_hold(first), asks(second)

    let_go(held)

    assert status_of(request) == [RequestStatus.OFFERED]


def test_who_waits_for_a_full_group_keeps_no_seat_of_the_bus_from_the_others():
    bus, (first, second) = groups(seats=3, places=1, offering=a_camp())
    a_hold(first)
    asks(first)

    assert counted(bus) == (1, 0)
    assert queries.places_left([second.id], at=NOON) == {second.id: 1}


def test_a_group_that_joins_or_leaves_the_bus_takes_what_it_has_along():
    bus, (first, _) = groups(seats=3)
    other = an_option(places=4, offering=first.offering)
    a_hold(other)
    a_hold(first)

    share(other, bus)
    assert counted(bus) == (2, 0)
    share(other)
    assert counted(bus) == (1, 0)
    assert quotas.shared([first.id, other.id]) == {first.id: [bus]}


def test_a_group_with_more_children_than_seats_does_not_join():
    bus, (first, _) = groups(seats=1)
    other = an_option(places=4, offering=first.offering)
    for _ in range(2):
        a_hold(other)

    with pytest.raises(errors.CapacityBelowTaken):
        share(other, bus)

    assert counted(bus) == (0, 0)
    assert quotas.shared([other.id]) == {}


def test_a_larger_bus_serves_who_waits():
    bus, (first, _) = groups(seats=1, offering=a_camp())
    a_hold(first)
    request = asks(first)

    operations.set_capacity(option_id=bus, capacity=2, actor=SYSTEM, at=NOON)

    assert status_of(request) == [RequestStatus.OFFERED]
    with pytest.raises(errors.CapacityBelowTaken):
        operations.set_capacity(option_id=bus, capacity=1, actor=SYSTEM, at=NOON)


def test_a_bus_has_a_name_and_goes_once_no_group_shares_it():
    bus, (first, second) = groups()
    named = {"offering_id": first.offering_id, "quota_id": bus, "actor": SYSTEM, "at": NOON}
    quotas.rename(name={"fr": "Grand car"}, **named)
    first.offering.refresh_from_db()
    assert first.offering.quotas == [{"id": str(bus), "name": {"fr": "Grand car"}}]

    with pytest.raises(errors.QuotaInUse):
        quotas.remove(**named)
    share(first)
    share(second)
    quotas.remove(**named)

    first.offering.refresh_from_db()
    assert first.offering.quotas == []
    assert not Places.objects.filter(option_id=bus).exists()


def test_places_that_are_lowered_come_from_what_is_set_aside_and_never_from_what_is_taken():
    camp = a_camp(mode="manual")
    option = an_option(places=4, offering=camp)
    held = [a_hold(option) for _ in range(4)]
    for _ in range(3):
        asks(option)
    let_go(*held[:3])
    assert counted(option) == (1, 3)

    operations.set_capacity(option_id=option.id, capacity=2, actor=SYSTEM, at=NOON)
    assert counted(option) == (1, 1)
    with pytest.raises(errors.CapacityBelowTaken):
        operations.set_capacity(option_id=option.id, capacity=0, actor=SYSTEM, at=NOON)
    operations.set_capacity(option_id=option.id, capacity=None, actor=SYSTEM, at=NOON)
    assert counted(option) == (1, 0)
