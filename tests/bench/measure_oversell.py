"""A place is never sold twice: 300 options of one place, wanted by 8 families each at the same instant, far away."""

import random

from tenant_apps.registrations.models import Places, Registration, Status
from tests.bench.stampede import Told, carts, each_wanted_by, families, far_database, without_the_guard
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import an_organisation_profile

MILLISECONDS = 30
OPTIONS, WANTED_BY, CROWDS = 300, 8, 3
CARTS, POOL, PLACES = 400, 12, 80


def measure_one_place_each(transactional_db, organisation_a):
    options, crowds = a_stampede(OPTIONS)
    with far_database(MILLISECONDS):
        told = each_wanted_by(crowds, organisation_a, options)

    report(f"{OPTIONS} options of one place × {WANTED_BY} families", told, OPTIONS)
    assert Registration.objects.filter(status=Status.HELD).count() == OPTIONS
    assert set(Places.objects.values_list("taken", flat=True)) == {1}
    assert told.answers == {"held": OPTIONS, "OptionFull": OPTIONS * (WANTED_BY - 1)}


def measure_the_same_without_the_guard(transactional_db, organisation_a):
    options, crowds = a_stampede(OPTIONS // 5)
    with without_the_guard(organisation_a), far_database(MILLISECONDS):
        told = each_wanted_by(crowds, organisation_a, options)

    report(f"{len(options)} options of one place, without the guard", told, len(options))
    assert told.answers["held"] >= len(options) * 1.5


def measure_crossed_carts(transactional_db, organisation_a):
    an_organisation_profile()
    offering = an_offering()
    pool = [an_option(places=PLACES, offering=offering) for _ in range(POOL)]
    chance = random.Random(26)  # noqa: S311
    wishes = [(family, chance.sample(pool, 3)) for family in families(CARTS)]
    with far_database(MILLISECONDS):
        told = carts(wishes, organisation_a, at_once=40)

    report(f"{CARTS} carts of 3 of {POOL} options with {PLACES} places", told, POOL * PLACES // 3)
    sizes = [Registration.objects.filter(basket=basket, status=Status.HELD).count() for (basket, _), _ in wishes]
    assert set(sizes) == {0, 3}
    assert set(told.answers) == {"held", "OptionFull"}
    for option in pool:
        held = Registration.objects.filter(option=option, status=Status.HELD).count()
        assert held == Places.objects.get(option_id=option.id).taken <= PLACES


def a_stampede(count: int):
    an_organisation_profile()
    offering = an_offering()
    options = [an_option(places=1, offering=offering) for _ in range(count)]
    return options, [families(WANTED_BY) for _ in range(CROWDS)]


def report(name: str, told: Told, places: int) -> None:
    print(f"\n{name}, {MILLISECONDS} ms to the database and back")
    print(f"  told     {dict(told.answers)}, of at most {places}")
    print(f"  slowest  {told.slowest:.2f} s")
