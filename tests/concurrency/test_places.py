"""A place is never sold twice. Many options of one place, for many at once: one big class would hide the fault."""

import time

import pytest
from django.db.models import F

from shared_apps.audit.actors import SYSTEM
from tenant_apps.registrations import errors, operations, places
from tenant_apps.registrations.models import Places, Registration, Status
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_basket, a_claim

OPTIONS = 12
FAMILIES = 8


@pytest.fixture
def families(transactional_db, organisation_a):
    an_organisation_profile()
    baskets = [a_basket() for _ in range(FAMILIES)]
    return [(basket, a_child(of=basket.guardian)) for basket in baskets]


@pytest.fixture
def options(families):
    offering = an_offering()
    return [an_option(places=1, offering=offering) for _ in range(OPTIONS)]


def everyone_wants_each(organisation, families, options):
    """Returns the registrations held by option, and what the others were told."""
    refused = []
    for option in options:
        refused += rush(
            organisation,
            families,
            lambda family, option=option: operations.hold(
                basket_id=family[0].id, claims=[a_claim(family[1], option)], actor=SYSTEM, at=NOON
            ),
        )
    held = [Registration.objects.filter(option=option, status=Status.HELD).count() for option in options]
    return held, refused


def test_each_place_is_taken_once_and_the_others_are_told_it_is_full(organisation_a, families, options):
    held, refused = everyone_wants_each(organisation_a, families, options)

    assert held == [1] * OPTIONS
    assert [type(error) for error in refused] == [errors.OptionFull] * (OPTIONS * (FAMILIES - 1))


def test_without_the_conditional_update_the_same_rush_oversells(organisation_a, families, options, monkeypatch):
    def check_then_add(option_id, quantity):
        row = Places.objects.get(option_id=option_id)
        time.sleep(0.03)
        if row.taken + quantity > row.capacity:
            return None
        # Nor does the check constraint help an option whose capacity is kept elsewhere.
        Places.objects.filter(option_id=option_id).update(capacity=None)
        Places.objects.filter(option_id=option_id).update(taken=F("taken") + quantity)
        return []

    monkeypatch.setattr(places, "_take_one", check_then_add)

    held, _ = everyone_wants_each(organisation_a, families, options[:3])

    assert sum(held) > 3


def test_the_database_itself_refuses_one_place_too_many(organisation_a, families, options):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="never_more_taken_than_there_are"):
        Places.objects.filter(option_id=options[0].id).update(taken=2)


def test_crossed_orders_of_options_never_end_in_a_deadlock(organisation_a, families):
    offering = an_offering()
    pool = [an_option(places=4, offering=offering) for _ in range(3)]

    def hold_all(family):
        index = families.index(family)
        order = pool if index % 2 else pool[::-1]
        operations.hold(
            basket_id=family[0].id, claims=[a_claim(family[1], option) for option in order], actor=SYSTEM, at=NOON
        )

    refused = rush(organisation_a, families, hold_all)

    assert [type(error) for error in refused] == [errors.OptionFull] * 4
    assert [Places.objects.get(option_id=option.id).taken for option in pool] == [4, 4, 4]


def test_a_registration_confirmed_by_many_at_once_takes_one_place(organisation_a, families, options):
    basket, child = families[0]
    [registration] = operations.hold(basket_id=basket.id, claims=[a_claim(child, options[0])], actor=SYSTEM, at=NOON)
    operations.sweep(at=registration.held_until)

    raised = rush(
        organisation_a,
        range(6),
        lambda _: operations.confirm(registration_id=registration.id, at=registration.held_until),
    )

    assert Places.objects.get(option_id=options[0].id).taken == 1
    assert Registration.objects.get(pk=registration.id).status == Status.CONFIRMED
    assert raised == []
