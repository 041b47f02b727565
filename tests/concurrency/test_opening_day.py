"""Opening day, small: nobody is sold a place twice, everybody is told something, also far from the database."""

import pytest

from tenant_apps.registrations.models import Places, Registration, Status
from tests.bench.family import CONFIRMED, FULL
from tests.bench.opening_day import an_opening, opens
from tests.bench.opening_day import families as with_sessions
from tests.bench.server import serving
from tests.bench.stampede import carts, each_wanted_by, families, far_database, without_the_guard
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import an_organisation_profile

MILLISECONDS = 30


@pytest.fixture
def organisation(transactional_db, organisation_a):
    an_organisation_profile()
    return organisation_a


def options_of(places, count):
    offering = an_offering()
    return [an_option(places=places, offering=offering) for _ in range(count)]


def held(option):
    return Registration.objects.filter(option=option, status=Status.HELD).count()


def test_eight_families_at_once_for_each_place_take_each_place_once(organisation):
    options = options_of(1, count=10)
    crowds = [families(8), families(8)]

    with far_database(MILLISECONDS):
        told = each_wanted_by(crowds, organisation, options)

    assert told.answers == {"held": 10, "OptionFull": 70}
    assert [held(option) for option in options] == [1] * 10


def test_without_the_guard_the_same_families_are_sold_places_that_are_not_there(organisation):
    options = options_of(1, count=4)
    crowds = [families(8), families(8)]

    with without_the_guard(organisation), far_database(MILLISECONDS):
        each_wanted_by(crowds, organisation, options)

    assert sum(held(option) for option in options) >= 6


def test_carts_in_crossed_orders_are_held_whole_or_not_at_all_and_never_in_a_deadlock(organisation):
    pool = options_of(9, count=4)
    wishes = [(family, pool[number % 4 :] + pool[: number % 4]) for number, family in enumerate(families(24))]
    wishes = [
        (family, options[:3] if number % 2 else options[2::-1]) for number, (family, options) in enumerate(wishes)
    ]

    with far_database(MILLISECONDS):
        told = carts(wishes, organisation, at_once=12)

    assert set(told.answers) == {"held", "OptionFull"}
    assert [held(option) for option in pool] == [Places.objects.get(option_id=option.id).taken for option in pool]
    assert max(held(option) for option in pool) <= 9
    assert {Registration.objects.filter(basket=basket, status=Status.HELD).count() for (basket, _), _ in wishes} == {
        0,
        3,
    }


def test_two_dozen_families_in_their_browsers_share_a_dozen_places_and_see_no_error(organisation):
    option, everyone = an_opening(12), with_sessions(24)

    with serving() as server:
        seen = opens(server.port, option, everyone, at_once=8)

    assert seen.outcomes == {CONFIRMED: 12, FULL: 12}
    assert Registration.objects.filter(option=option, status=Status.CONFIRMED).count() == 12
    assert Places.objects.get(option_id=option.id).taken == 12
