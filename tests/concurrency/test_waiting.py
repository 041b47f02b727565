"""Waiting lists and shared places, with everybody at once. Each guard has a twin that shows what it guards from."""

import time
from types import SimpleNamespace

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.registrations import errors, freeing, locks, operations, places, quotas, serving, waiting
from tenant_apps.registrations.models import PlaceRequest, Places, Registration, RequestStatus, Status
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_basket, a_claim, a_hold

FAMILIES = 6
LIST = {"mode": "automatic", "on_refusal": "leave"}


@pytest.fixture
def families(transactional_db, organisation_a):
    an_organisation_profile()
    baskets = [a_basket() for _ in range(FAMILIES)]
    return [(basket, a_child(of=basket.guardian)) for basket in baskets]


@pytest.fixture
def option(families):
    return an_option(places=1, offering=an_offering(waiting=LIST))


def one_who_waits(*options):
    guardian = a_guardian()
    child = a_child(of=guardian)
    [request] = waiting.ask(
        guardian_id=guardian.id,
        claims=[a_claim(child, option) for option in options],
        together=True,
        actor=SYSTEM,
        at=NOON,
    )
    return request


def hold(family, option):
    operations.hold(basket_id=family[0].id, claims=[a_claim(family[1], option)], actor=SYSTEM, at=NOON)


def let_go(held):
    operations.release(basket_id=held.basket_id, registration_ids=[held.id], actor=SYSTEM, at=NOON)


def places_of(option):
    return Places.objects.get(option_id=getattr(option, "id", option))


def held_of(*options):
    return Registration.objects.filter(option__in=options, status=Status.HELD).count()


def slipped_in(organisation, families, option):
    """Everybody wants the place that one family gives back while another waits for it; returns who had it."""
    held, request = a_hold(option), one_who_waits(option)
    rush(
        organisation,
        [held, *families],
        lambda arrival: let_go(arrival) if arrival is held else hold(arrival, option),
    )
    request.refresh_from_db()
    return request.status, held_of(option)


def test_a_place_that_comes_free_goes_to_who_waits_and_nobody_slips_in(organisation_a, families, option):
    for _ in range(3):
        another = an_option(places=1, offering=option.offering)
        assert slipped_in(organisation_a, families, another) == (RequestStatus.OFFERED, 1)


def test_served_after_the_transaction_that_frees_somebody_slips_in(organisation_a, families, option, monkeypatch):
    def later(ids, *, at, but=()):
        """As who serves waiting lists from time to time."""

    held, request = a_hold(option), one_who_waits(option)
    Places.objects.filter(option_id=option.id).update(set_aside=0)
    monkeypatch.setattr(serving, "serve", later)
    let_go(held)

    refused = rush(organisation_a, families, lambda family: hold(family, option))

    assert [type(error) for error in refused] == [errors.OptionFull] * (FAMILIES - 1)
    request.refresh_from_db()
    assert request.status == RequestStatus.WAITING


def one_free_place_for_two(option):
    full = a_hold(option)
    requests = [one_who_waits(option), one_who_waits(option)]
    Registration.objects.filter(pk=full.pk).update(status=Status.RELEASED)
    Places.objects.filter(option_id=option.id).update(taken=0)
    return requests


def test_two_who_serve_at_once_make_one_offer(organisation_a, families, option):
    first, second = one_free_place_for_two(option)

    assert rush(organisation_a, range(4), lambda _: serving.serve([option.id], at=NOON)) == []

    statuses = dict(PlaceRequest.objects.values_list("id", "status"))
    assert statuses == {first.id: RequestStatus.OFFERED, second.id: RequestStatus.WAITING}
    assert (places_of(option).taken, held_of(option)) == (1, 1)


def test_without_the_locked_counters_each_offers_the_same_place(organisation_a, families, option, monkeypatch):
    one_free_place_for_two(option)
    unlocked = iter([1, 2, 3, 4])

    def looked_at(ids):
        rows = {row.option_id: row for row in Places.objects.filter(pk__in=ids)}
        # One has looked before the other writes, and looks at the second request once the first is offered.
        time.sleep(0.3 * next(unlocked))
        return rows

    monkeypatch.setattr(locks, "counters", looked_at)

    rush(organisation_a, range(2), lambda _: serving.serve([option.id], at=NOON))

    assert (places_of(option).taken, held_of(option)) == (1, 2)


def one_gives_back_while_others_ask(organisation, families, option):
    held = a_hold(option)

    def act(arrival):
        if arrival is held:
            time.sleep(0.01)
            let_go(held)
        else:
            basket, child = arrival
            waiting.ask(
                guardian_id=basket.guardian_id, claims=[a_claim(child, option)], together=True, actor=SYSTEM, at=NOON
            )

    raised = rush(organisation, [held, *families], act)
    assert {type(error) for error in raised} <= {errors.NotFull}
    counts = places_of(option)
    waits = PlaceRequest.objects.filter(status=RequestStatus.WAITING, registrations__option=option).exists()
    return counts.taken == 0 and waits


def test_nobody_waits_beside_a_place_that_came_free_as_they_asked(organisation_a, families, option):
    for _ in range(4):
        another = an_option(places=1, offering=option.offering)
        assert not one_gives_back_while_others_ask(organisation_a, families, another)


def test_without_the_counters_locked_by_who_asks_they_would(organisation_a, families, option, monkeypatch):
    held = a_hold(option)
    judged = waiting.checks.eligibility

    def given_back_meanwhile(*args, **more):
        rush(organisation_a, [held], let_go)
        return judged(*args, **more)

    monkeypatch.setattr(waiting.checks, "eligibility", given_back_meanwhile)
    monkeypatch.setattr(
        waiting, "serving", SimpleNamespace(lock_counters=lambda affected: None, serve=lambda ids, at: None)
    )

    request = one_who_waits(option)

    assert (places_of(option).taken, request.status) == (0, RequestStatus.WAITING)


@pytest.fixture
def groups(option):
    """Three groups and one bus of two seats."""
    every = [an_option(places=4, offering=option.offering) for _ in range(3)]
    bus = quotas.create(offering_id=option.offering_id, name={"fr": "Car"}, capacity=2, actor=SYSTEM, at=NOON)
    for each in every:
        quotas.set_shared(option_id=each.id, quota_ids=[bus], actor=SYSTEM, at=NOON)
    return every, bus


def everyone_boards(organisation, families, groups):
    return rush(organisation, families, lambda family: hold(family, groups[families.index(family) % 3]))


def test_a_bus_that_groups_share_is_never_too_full(organisation_a, families, groups):
    every, bus = groups

    refused = everyone_boards(organisation_a, families, every)

    assert [type(error) for error in refused] == [errors.OptionFull] * (FAMILIES - 2)
    assert (places_of(bus).taken, held_of(*every)) == (2, 2)


def test_counted_by_group_alone_the_bus_is_too_full(organisation_a, families, groups, monkeypatch):
    every, _ = groups
    take = places._take_one
    monkeypatch.setattr(places, "_take_one", lambda key, quantity: None if take(key, quantity) is None else [])

    everyone_boards(organisation_a, families, every)

    assert held_of(*every) == FAMILIES


def joined_meanwhile(organisation, families, groups):
    """A fourth group joins the bus while it is being filled; returns what bus and groups count."""
    [every, bus] = groups
    fourth = an_option(places=9, offering=every[0].offering)
    operations.set_capacity(option_id=bus, capacity=9, actor=SYSTEM, at=NOON)

    def act(arrival):
        if arrival == "joins":
            quotas.set_shared(option_id=fourth.id, quota_ids=[bus], actor=SYSTEM, at=NOON)
        else:
            hold(arrival, fourth)

    assert rush(organisation, ["joins", *families], act) == []
    return places_of(bus).taken, held_of(fourth)


def test_a_group_that_joins_a_bus_while_it_fills_is_counted_exactly(organisation_a, families, groups):
    assert joined_meanwhile(organisation_a, families, groups) == (FAMILIES, FAMILIES)


def test_without_the_lock_on_its_counter_some_seats_are_forgotten(organisation_a, families, groups, monkeypatch):
    def looked_at(ids):
        rows = Places.objects.in_bulk(list(ids))
        time.sleep(1)
        return rows

    monkeypatch.setattr(quotas, "locks", SimpleNamespace(counters=looked_at))

    counted, held = joined_meanwhile(organisation_a, families, groups)

    assert held == FAMILIES
    assert counted < FAMILIES


def test_places_lowered_while_everybody_takes_them_are_never_fewer_than_are_taken(organisation_a, families, option):
    another = an_option(places=FAMILIES, offering=option.offering)

    def act(arrival):
        if arrival == "lowers":
            operations.set_capacity(option_id=another.id, capacity=2, actor=SYSTEM, at=NOON)
        else:
            hold(arrival, another)

    raised = rush(organisation_a, ["lowers", *families], act)

    counts = places_of(another)
    assert counts.taken == held_of(another) <= counts.capacity
    assert {type(error) for error in raised} <= {errors.OptionFull, errors.CapacityBelowTaken}


def test_carts_of_three_that_cross_and_are_given_back_end_in_no_deadlock(organisation_a, families, option, monkeypatch):
    pool = [an_option(places=FAMILIES, offering=option.offering) for _ in range(3)]
    begun = []
    once = freeing.exchange

    def counted(*args, **more):
        begun.append(args)
        return once(*args, **more)

    monkeypatch.setattr(freeing, "exchange", counted)

    def act(family):
        index = families.index(family)
        order = pool[index % 3 :] + pool[: index % 3]
        claims = [a_claim(family[1], each) for each in (order if index % 2 else order[::-1])]
        held = operations.hold(basket_id=family[0].id, claims=claims, actor=SYSTEM, at=NOON)
        operations.release(basket_id=family[0].id, registration_ids=[each.id for each in held], actor=SYSTEM, at=NOON)

    assert rush(organisation_a, families, act) == []
    # Nothing was begun again: a hold and a release each.
    assert len(begun) == 2 * FAMILIES
    assert [places_of(each).taken for each in pool] == [0, 0, 0]
