"""Keeping places: all or none, for as long as the rule says, never more than there are."""

from datetime import timedelta
from importlib import import_module

import pytest

from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Selection
from tenant_apps.registrations import errors, operations, queries
from tenant_apps.registrations.models import Places, Registration, Status
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket, a_claim, a_hold


def left(option):
    return queries.places_left([option.id], at=NOON)[option.id]


def test_a_hold_takes_its_places_until_the_moment_of_the_rule():
    option = an_option(places=3, offering=an_offering(hold_minutes=3 * 24 * 60))

    registration = a_hold(option, quantity=1)

    assert registration.status == Status.HELD
    assert registration.held_until == NOON + timedelta(days=3)
    assert left(option) == 2


def test_unlimited_places_are_never_short():
    option = an_option(places=None)

    a_hold(option)

    assert left(option) is None


def test_the_last_place_goes_to_one_family_and_the_next_is_told_which_option_is_full():
    option = an_option("Semaine 28", places=1)
    a_hold(option)

    with pytest.raises(errors.OptionFull) as refusal:
        a_hold(option)

    assert refusal.value.option_names == ["Semaine 28"]
    assert left(option) == 0
    assert Registration.objects.count() == 1


def test_all_the_claims_are_held_or_none():
    free, full = an_option(places=5), an_option("Semaine 30", places=0)
    basket = a_basket()
    child = a_child(of=basket.guardian)

    with pytest.raises(errors.OptionFull):
        operations.hold(basket_id=basket.id, claims=[a_claim(child, free), a_claim(child, full)], actor=SYSTEM, at=NOON)

    assert left(free) == 5
    assert not Registration.objects.exists()


def test_a_hold_that_ran_out_gives_way_even_if_no_sweep_has_passed():
    option = an_option(places=1)
    late = a_hold(option)

    second = a_hold(option, at=late.held_until)

    late.refresh_from_db()
    assert late.status == Status.RELEASED
    assert second.status == Status.HELD
    assert left(option) == 0


def test_a_hold_is_good_until_its_last_instant():
    option = an_option(places=1)
    first = a_hold(option)

    with pytest.raises(errors.OptionFull):
        a_hold(option, at=first.held_until - timedelta(microseconds=1))


def test_a_child_takes_a_week_once():
    option = an_option("Semaine 28", places=5)
    basket = a_basket()
    child = a_child(of=basket.guardian)
    a_hold(option, basket=basket, child=child)

    with pytest.raises(errors.AlreadyRegistered) as refusal:
        a_hold(option, basket=basket, child=child)

    assert refusal.value.names == ["Semaine 28"]
    assert left(option) == 4


def test_articles_may_be_ordered_again():
    option = an_option(places=None, maximum_quantity=20, offering=an_offering(selection=Selection.QUANTITIES))
    basket = a_basket()
    child = a_child(of=basket.guardian)

    a_hold(option, basket=basket, child=child, quantity=10)
    a_hold(option, basket=basket, child=child, quantity=2)

    assert sum(line.quantity for line in queries.basket_lines(basket.id)) == 12


@pytest.mark.parametrize("quantity", [0, -1, 21])
def test_a_quantity_out_of_bounds_is_refused(quantity):
    option = an_option(maximum_quantity=20)

    with pytest.raises(errors.QuantityRefused):
        a_hold(option, quantity=quantity)


def test_another_familys_child_cannot_be_registered():
    basket = a_basket()
    stranger = a_child(of=a_guardian())

    with pytest.raises(errors.ParticipantUnknown):
        a_hold(an_option(), basket=basket, child=stranger)


def test_after_the_deadline_nothing_is_held_and_the_reason_is_said():
    option = an_option(offering=an_offering(deadline_on=(NOON - timedelta(days=1)).date()))

    with pytest.raises(errors.NotAllowed) as refusal:
        a_hold(option)

    assert [reason.code for reason in refusal.value.reasons] == ["deadline_passed"]


def test_a_date_that_is_over_is_not_taken_even_while_the_others_are():
    over = an_option(offering=an_offering(), starts_on=(NOON - timedelta(days=1)).date())

    with pytest.raises(errors.NotAllowed) as refusal:
        a_hold(over)

    assert [reason.code for reason in refusal.value.reasons] == ["over"]


def test_changing_a_choice_replaces_what_was_held():
    option = an_option(places=2, maximum_quantity=5, offering=an_offering(selection=Selection.QUANTITIES))
    basket = a_basket()
    child = a_child(of=basket.guardian)
    first = a_hold(option, quantity=2, basket=basket, child=child)

    second = a_hold(option, quantity=1, basket=basket, child=child, replacing=[first.id])

    first.refresh_from_db()
    assert (first.status, second.status) == (Status.RELEASED, Status.HELD)
    assert left(option) == 1


def test_a_change_that_cannot_be_had_leaves_what_was_held():
    option, full = an_option(places=1), an_option(places=0)
    basket = a_basket()
    child = a_child(of=basket.guardian)
    first = a_hold(option, basket=basket, child=child)

    with pytest.raises(errors.OptionFull):
        a_hold(full, basket=basket, child=child, replacing=[first.id])

    first.refresh_from_db()
    assert first.status == Status.HELD
    assert left(option) == 0


def test_removing_a_line_frees_its_place_once():
    option = an_option(places=1)
    registration = a_hold(option)

    for _ in range(2):
        operations.release(basket_id=registration.basket_id, registration_ids=[registration.id], actor=SYSTEM, at=NOON)

    assert left(option) == 1


def test_another_baskets_line_is_not_removed():
    option = an_option(places=1)
    theirs = a_hold(option)

    operations.release(basket_id=a_basket().id, registration_ids=[theirs.id], actor=SYSTEM, at=NOON)

    theirs.refresh_from_db()
    assert theirs.status == Status.HELD


def test_capacity_cannot_go_below_what_is_taken():
    option = an_option(places=3)
    a_hold(option)

    with pytest.raises(errors.CapacityBelowTaken):
        operations.set_capacity(option_id=option.id, capacity=0, actor=SYSTEM, at=NOON)

    operations.set_capacity(option_id=option.id, capacity=1, actor=SYSTEM, at=NOON)
    assert left(option) == 0


@pytest.mark.parametrize(
    ("selection", "is_voluntary", "is_held"),
    [("one", False, True), ("quantities", True, True), ("quantities", False, False)],
)
def test_the_least_quantity_is_asked_where_quantities_are(selection, is_voluntary, is_held):
    columns = {"minimum_quantity": 2, "maximum_quantity": 4, "is_voluntary": is_voluntary, "price": 0}
    option = an_option(offering=an_offering(selection=selection), **columns)

    try:
        a_hold(option)
    except errors.QuantityRefused:
        assert not is_held
    else:
        assert is_held


def test_an_option_of_before_that_had_no_counter_is_given_one() -> None:
    counted, option = an_option(places=3), an_option()
    Places.objects.filter(pk=option.pk).delete()
    migration = import_module("tenant_apps.registrations.migrations.0004_a_counter_for_each_option").Migration

    with connection.cursor() as cursor:
        cursor.execute(migration.operations[0].sql)

    assert dict(Places.objects.values_list("pk", "capacity")) == {counted.pk: 3, option.pk: None}
    assert a_hold(option).status == Status.HELD
