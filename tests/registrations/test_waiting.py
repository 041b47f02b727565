"""Waiting for a place (O-06): asked together or alone, offered by rank with a deadline, refused by the rule."""

from datetime import timedelta

import pytest
from django.db.models import F

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.catalog.models import Selection
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.families.operations import merge_guardians, participants, rights
from tenant_apps.registrations import capacities, choosing, ending, errors, operations, queries, waiting
from tenant_apps.registrations.models import Basket, PlaceRequest, Places, Registration, RequestStatus, Status
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket, a_claim, a_hold

LATER = NOON + timedelta(minutes=10)


def a_camp(mode="automatic", on_refusal="leave", **columns):
    return an_offering(waiting={"mode": mode, "on_refusal": on_refusal, "offer_hours": 24}, **columns)


def a_full(places=1, offering=None, **columns):
    """An option whose places are all held, and what holds them."""
    option = an_option(places=places, offering=offering or a_camp(), **columns)
    return option, [a_hold(option) for _ in range(places)]


def asks(*options, children=1, guardian=None, at=NOON, together=True):
    """One request of a new family for each of its children in each of these options."""
    guardian = guardian or a_guardian()
    every = [a_child(name, of=guardian) for name in ("Ada", "Bo", "Cleo")[:children]]
    claims = [a_claim(child, option) for child in every for option in options]
    [request, *_] = waiting.ask(guardian_id=guardian.id, claims=claims, together=together, actor=SYSTEM, at=at)
    return request


def let_go(*held, at=NOON):
    for registration in held:
        operations.release(basket_id=registration.basket_id, registration_ids=[registration.id], actor=SYSTEM, at=at)


def refuse(request, at=NOON):
    waiting.refuse(request_id=request.id, guardian_id=request.guardian_id, actor=SYSTEM, at=at)


def status_of(*requests):
    for request in requests:
        request.refresh_from_db()
    return [request.status for request in requests]


def rank_of(request, option):
    return waiting.ranks([request]).get((request.id, option.id))


def offered():
    return [event.payload["request"] for event in Event.objects.filter(kind="registrations.offered")]


def test_nobody_waits_where_a_place_is_left():
    option, _ = a_full(places=1)
    Places.objects.filter(option_id=option.id).update(capacity=F("capacity") + 1)

    with pytest.raises(errors.NotFull) as refusal:
        asks(option)

    assert str(option) in str(refusal.value)
    assert not PlaceRequest.objects.exists()


def test_nothing_is_set_aside_for_more_than_there_are_at_all():
    option = an_option(places=1, offering=a_camp())
    pair = asks(option, children=2)

    newcomer = a_hold(option)

    assert (newcomer.status, status_of(pair)) == (Status.HELD, [RequestStatus.WAITING])
    capacities.put(capacities={option.id: 3}, actor=SYSTEM, at=NOON)
    assert status_of(pair) == [RequestStatus.OFFERED]


def test_what_one_waits_for_may_stand_for_what_one_holds_where_one_choice_is_had():
    camp = a_camp(selection=Selection.ONE)
    july, (august, _others) = an_option(places=1, offering=camp), a_full(offering=camp)
    held = a_hold(july)

    had = choosing.hold_available(
        basket_id=held.basket_id,
        claims=[a_claim(held.participant, august)],
        actor=SYSTEM,
        at=NOON,
        replacing=[held.id],
    )

    assert [claim.option_id for claim in had.full] == [august.id]
    held.refresh_from_db()
    assert held.status == Status.RELEASED


class TestKeptAwayFromTheChild:
    """Who is kept away waits for nothing with the child, and the other parent may."""

    @pytest.fixture
    def full(self):
        return a_full(offering=a_camp(on_refusal="keep"))

    def block(self, guardian):
        link = Guardianship.objects.get(guardian=guardian)
        rights.block(link_id=link.id, reason="Jugement", actor=SYSTEM, at=NOON)

    def test_what_was_waited_for_ends(self, full):
        option, _held = full
        request = asks(option)

        self.block(request.guardian)

        assert status_of(request) == [RequestStatus.LEFT]
        assert Places.objects.get(option_id=option.id).set_aside == 0

    def test_what_was_offered_goes_to_the_next(self, full):
        option, held = full
        request, other = asks(option), asks(option)
        let_go(*held)

        self.block(request.guardian)

        assert status_of(request, other) == [RequestStatus.LEFT, RequestStatus.OFFERED]

    def test_what_lay_in_the_basket_is_free(self):
        option = an_option(places=1)
        held = a_hold(option)

        self.block(held.basket.guardian)

        held.refresh_from_db()
        assert (held.status, Places.objects.get(option_id=option.id).taken) == (Status.RELEASED, 0)

    def test_the_other_parent_may_wait_for_it_then(self, full):
        option, _held = full
        request = asks(option)
        child = request.registrations.get().participant
        self.block(request.guardian)
        other = a_guardian()
        Guardianship.objects.create(guardian=other, participant=child, created_at=NOON)

        [again] = waiting.ask(
            guardian_id=other.id, claims=[a_claim(child, option)], together=False, actor=SYSTEM, at=NOON
        )

        assert again.status == RequestStatus.WAITING


def test_a_hold_that_ran_out_is_a_place_that_is_left():
    option, [late] = a_full()

    with pytest.raises(errors.NotFull):
        asks(option, at=late.held_until)


def test_two_places_together_are_waited_for_where_one_is_left_and_that_one_is_kept_for_them():
    option, _ = a_full(places=1)
    operations.set_capacity(option_id=option.id, capacity=2, actor=SYSTEM, at=NOON)

    request = asks(option, children=2)

    assert status_of(request) == [RequestStatus.WAITING]
    assert queries.places_left([option.id], at=NOON) == {option.id: 0}
    with pytest.raises(errors.OptionFull):
        a_hold(option)


def test_an_offering_without_a_waiting_list_has_none():
    option, _ = a_full(offering=an_offering())

    with pytest.raises(errors.NoWaitingList):
        asks(option)


def test_nobody_waits_twice_for_the_same_place_nor_for_one_they_have():
    option, [held] = a_full()
    guardian = a_guardian()
    child = a_child(of=guardian)
    ask = {"guardian_id": guardian.id, "together": True, "actor": SYSTEM, "at": NOON}
    waiting.ask(claims=[a_claim(child, option)], **ask)

    with pytest.raises(errors.AlreadyWaiting) as refusal:
        waiting.ask(claims=[a_claim(child, option)], **ask)
    assert refusal.value.names == [str(option)]
    with pytest.raises(errors.AlreadyRegistered):
        own = {**ask, "guardian_id": held.basket.guardian_id}
        waiting.ask(claims=[a_claim(held.participant, option)], **own)


def test_what_would_not_be_allowed_with_a_place_is_not_waited_for():
    option, _ = a_full()
    option.offering.deadline_on = (NOON - timedelta(days=1)).date()
    option.offering.save()

    with pytest.raises(errors.NotAllowed) as refusal:
        asks(option)

    assert [reason.code for reason in refusal.value.reasons] == ["deadline_passed"]


def test_a_strangers_child_waits_for_nothing():
    option, _ = a_full()

    with pytest.raises(errors.ParticipantUnknown):
        waiting.ask(
            guardian_id=a_guardian().id, claims=[a_claim(a_child(), option)], together=True, actor=SYSTEM, at=NOON
        )


def test_a_place_that_comes_free_is_held_for_the_first_who_waits_until_a_deadline_of_its_own():
    option, [held] = a_full(price=700)
    first, second = asks(option), asks(option, at=LATER)

    let_go(held, at=LATER)

    assert status_of(first, second) == [RequestStatus.OFFERED, RequestStatus.WAITING]
    [line] = first.registrations.all()
    assert (line.status, line.held_until, line.amount_cents) == (Status.HELD, LATER + timedelta(hours=24), 700)
    assert queries.basket_lines(line.basket_id) == [line]
    assert (first.offered_at, first.offered_until) == (LATER, line.held_until)
    assert offered() == [str(first.id)]
    assert rank_of(second, option) == 1


@pytest.mark.parametrize("end", [ending.withdraw, ending.cancel])
def test_a_confirmed_registration_that_ends_makes_room_too(end):
    option, [held] = a_full()
    request = asks(option)
    operations.confirm(registration_id=held.id, at=NOON)

    end(registration_id=held.id, actor=SYSTEM, at=LATER)
    end(registration_id=held.id, actor=SYSTEM, at=LATER)

    assert status_of(request) == [RequestStatus.OFFERED]
    assert Places.objects.get(option_id=option.id).taken == 1


def test_more_places_go_first_to_who_waits():
    option, _ = a_full()
    requests = [asks(option, at=NOON + timedelta(minutes=minute)) for minute in range(3)]

    operations.set_capacity(option_id=option.id, capacity=3, actor=SYSTEM, at=LATER)

    assert status_of(*requests) == [RequestStatus.OFFERED, RequestStatus.OFFERED, RequestStatus.WAITING]


def test_a_hold_that_runs_out_goes_to_who_waits_and_not_to_who_comes():
    option, [late] = a_full()
    request = asks(option)
    after = late.held_until

    assert queries.places_left([option.id], at=after) == {option.id: 0}
    with pytest.raises(errors.OptionFull):
        a_hold(option, at=after)
    operations.sweep(at=after)

    assert status_of(request) == [RequestStatus.OFFERED]


def test_two_together_are_passed_over_by_who_needs_one_and_keep_their_rank():
    option, held = a_full(places=2)
    two, one = asks(option, children=2), asks(option, at=LATER)

    let_go(held[0], at=LATER)
    assert status_of(two, one) == [RequestStatus.WAITING, RequestStatus.OFFERED]
    assert rank_of(two, option) == 1

    refuse(one, LATER)
    let_go(held[1], at=LATER)
    assert status_of(two, one) == [RequestStatus.OFFERED, RequestStatus.REFUSED]
    assert {line.held_until for line in two.registrations.all()} == {LATER + timedelta(hours=24)}


def test_places_of_two_options_are_had_together_or_not_at_all():
    camp = a_camp()
    (monday, [first]), (tuesday, [second]) = a_full(offering=camp), a_full(offering=camp)
    request = asks(monday, tuesday)

    let_go(first)
    assert status_of(request) == [RequestStatus.WAITING]
    assert queries.places_left([monday.id], at=NOON) == {monday.id: 0}

    let_go(second)
    assert status_of(request) == [RequestStatus.OFFERED]
    assert request.registrations.filter(status=Status.HELD).count() == 2


@pytest.mark.parametrize(
    ("on_refusal", "status", "rank"),
    [("keep", "waiting", 1), ("lose", "waiting", 2), ("leave", "refused", None)],
)
def test_who_refuses_keeps_their_rank_loses_it_or_leaves_by_the_rule(on_refusal, status, rank):
    option, [held] = a_full(offering=a_camp(on_refusal=on_refusal))
    first, second, third = (asks(option, at=NOON + timedelta(minutes=minute)) for minute in range(3))
    let_go(held, at=LATER)

    refuse(first, LATER)

    assert status_of(first, second, third) == [status, RequestStatus.OFFERED, RequestStatus.WAITING]
    assert rank_of(first, option) == rank
    with pytest.raises(errors.NotOffered):
        refuse(first, LATER)


def test_the_place_that_the_only_one_refuses_is_for_everybody():
    option, [held] = a_full(offering=a_camp(on_refusal="keep"))
    request = asks(option)
    let_go(held)

    refuse(request)

    assert status_of(request) == [RequestStatus.WAITING]
    assert queries.places_left([option.id], at=NOON) == {option.id: 1}
    assert a_hold(option).status == Status.HELD


def test_an_offer_that_is_left_unanswered_lapses_and_the_next_one_has_it():
    option, [held] = a_full()
    first, second = asks(option), asks(option, at=LATER)
    let_go(held, at=LATER)
    first.refresh_from_db()

    operations.sweep(at=first.offered_until)

    assert status_of(first, second) == [RequestStatus.LAPSED, RequestStatus.OFFERED]
    [told] = Event.objects.filter(kind="registrations.offer_lapsed")
    assert told.payload["request"] == str(first.id)


def test_one_line_of_what_was_offered_together_taken_out_of_the_basket_refuses_all_of_it():
    option, held = a_full(places=2)
    request = asks(option, children=2)
    let_go(*held)
    [one, _] = request.registrations.all()

    let_go(one)

    assert status_of(request) == [RequestStatus.REFUSED]
    assert Places.objects.get(option_id=option.id).taken == 0


def test_what_is_being_paid_is_not_refused():
    option, [held] = a_full()
    request = asks(option)
    let_go(held)
    [line] = request.registrations.all()
    operations.begin_check_out(basket_id=line.basket_id, at=NOON)

    with pytest.raises(errors.BeingPaid):
        refuse(request)


def test_a_request_is_taken_once_all_of_it_is_confirmed():
    option, held = a_full(places=2)
    request = asks(option, children=2)
    let_go(*held)
    first, second = request.registrations.all()

    operations.confirm(registration_id=first.id, at=NOON)
    assert status_of(request) == [RequestStatus.OFFERED]
    operations.confirm(registration_id=second.id, at=NOON)
    assert status_of(request) == [RequestStatus.TAKEN]


def test_of_alternatives_one_is_offered_and_the_others_go_once_it_is_taken():
    camp = a_camp()
    (monday, [first]), (tuesday, [second]) = a_full(offering=camp), a_full(offering=camp)
    guardian = a_guardian()
    child = a_child(of=guardian)
    wanted, other = waiting.ask(
        guardian_id=guardian.id,
        claims=[a_claim(child, monday), a_claim(child, tuesday)],
        together=False,
        actor=SYSTEM,
        at=NOON,
    )
    PlaceRequest.objects.filter(pk=other.pk).update(group=wanted.group, rank=2)

    let_go(first, second)
    assert status_of(wanted, other) == [RequestStatus.OFFERED, RequestStatus.WAITING]
    assert queries.places_left([tuesday.id], at=NOON) == {tuesday.id: 1}

    operations.confirm(registration_id=wanted.registrations.get().id, at=NOON)
    assert status_of(wanted, other) == [RequestStatus.TAKEN, RequestStatus.SUPERSEDED]
    assert other.registrations.get().status == Status.RELEASED


def test_by_hand_nothing_is_offered_by_itself_and_what_comes_free_is_kept_for_those_who_wait():
    option, held = a_full(places=2, offering=a_camp(mode="manual"))
    first, second = asks(option), asks(option, at=LATER)
    let_go(held[0], at=LATER)
    assert status_of(first, second) == [RequestStatus.WAITING, RequestStatus.WAITING]
    assert queries.places_left([option.id], at=LATER) == {option.id: 0}

    waiting.offer(request_id=second.id, actor=SYSTEM, at=LATER)

    assert status_of(first, second) == [RequestStatus.WAITING, RequestStatus.OFFERED]
    with pytest.raises(errors.OptionFull):
        waiting.offer(request_id=first.id, actor=SYSTEM, at=LATER)
    with pytest.raises(errors.NotWaiting):
        waiting.offer(request_id=second.id, actor=SYSTEM, at=LATER)


def test_who_waits_is_served_once_the_list_serves_itself():
    option, held = a_full(places=2, offering=a_camp(mode="manual"))
    first, second = asks(option), asks(option, at=LATER)
    let_go(held[0], at=LATER)
    option.offering.waiting = {"mode": "automatic"}
    option.offering.save()

    operations.sweep(at=LATER)

    assert status_of(first, second) == [RequestStatus.OFFERED, RequestStatus.WAITING]


def test_who_refused_a_place_is_not_asked_again_and_again():
    option, held = a_full(places=2, offering=a_camp(on_refusal="keep"))
    first, two = asks(option), asks(option, children=2, at=LATER)
    let_go(held[0], at=LATER)
    refuse(first, LATER)

    operations.sweep(at=LATER)

    assert status_of(first, two) == [RequestStatus.WAITING, RequestStatus.WAITING]


def test_an_offer_that_other_choices_have_overtaken_at_that_instant_is_not_paid():
    camp = a_camp(requirements=[{"kind": "limit_child", "maximum": 1}])
    option, [held] = a_full(offering=camp)
    request = asks(option)
    line = request.registrations.get()
    other = a_hold(an_option(offering=camp), basket=line.basket, child=line.participant)
    Registration.objects.filter(pk=other.pk).update(status=Status.RELEASED)
    let_go(held)
    Registration.objects.filter(pk=other.pk).update(status=Status.HELD)

    with pytest.raises(errors.NotAllowed) as refusal:
        operations.begin_check_out(basket_id=line.basket_id, at=NOON)
    assert {reason.code for reason in refusal.value.reasons} == {"child_limit"}

    let_go(other)
    assert operations.begin_check_out(basket_id=line.basket_id, at=NOON) == [line]


def test_who_leaves_the_list_keeps_nothing_from_anybody():
    option, held = a_full(places=2, offering=a_camp(mode="manual"))
    request = asks(option)
    let_go(held[0])

    with pytest.raises(PlaceRequest.DoesNotExist):
        waiting.leave(request_id=request.id, guardian_id=a_guardian().id, actor=SYSTEM, at=NOON)
    waiting.leave(request_id=request.id, guardian_id=request.guardian_id, actor=SYSTEM, at=NOON)

    assert status_of(request) == [RequestStatus.LEFT]
    assert queries.places_left([option.id], at=NOON) == {option.id: 1}
    with pytest.raises(errors.NotWaiting):
        waiting.remove(request_id=request.id, actor=SYSTEM, at=NOON)


def test_who_has_chosen_otherwise_since_is_passed_over():
    camp = a_camp(selection=Selection.ONE)
    option, [held] = a_full(offering=camp)
    other = an_option(offering=camp)
    request, next_one = asks(option), asks(option, at=LATER)
    a_hold(other, basket=a_basket(request.guardian), child=request.registrations.get().participant)

    let_go(held, at=LATER)

    assert status_of(request, next_one) == [RequestStatus.WAITING, RequestStatus.OFFERED]


def test_whoever_changes_a_line_keeps_its_place_and_its_deadline_though_others_wait():
    option, [held] = a_full()
    request = asks(option)

    again = a_hold(option, basket=held.basket, child=held.participant, replacing=[held.id], at=LATER)

    assert (again.status, again.held_until) == (Status.HELD, held.held_until)
    assert status_of(request) == [RequestStatus.WAITING]


def test_a_line_that_ran_out_is_not_kept_by_writing_it_again():
    option, [late] = a_full()
    asks(option)

    with pytest.raises(errors.OptionFull):
        a_hold(option, basket=late.basket, child=late.participant, replacing=[late.id], at=late.held_until)

    free, [late] = a_full()
    again = a_hold(free, basket=late.basket, child=late.participant, replacing=[late.id], at=late.held_until)
    assert again.held_until == late.held_until + timedelta(minutes=free.offering.hold_minutes)


def test_who_found_a_place_by_themselves_waits_no_more():
    option, held = a_full(places=2, offering=a_camp(on_refusal="keep"))
    request = asks(option)
    let_go(held[0])
    refuse(request)
    line = request.registrations.get()
    mine = a_hold(option, basket=line.basket, child=line.participant)
    operations.confirm(registration_id=mine.id, at=NOON)

    operations.sweep(at=NOON)

    assert status_of(request) == [RequestStatus.LEFT]


def test_an_offered_line_that_is_filled_in_again_is_still_the_offered_one():
    option, [held] = a_full()
    request = asks(option)
    let_go(held)
    line = request.registrations.get()

    again = a_hold(option, basket=line.basket, child=line.participant, replacing=[line.id], at=LATER)
    assert (again.request, again.held_until) == (request, line.held_until)
    operations.confirm(registration_id=again.id, at=LATER)

    assert status_of(request) == [RequestStatus.TAKEN]


def test_an_offer_finds_the_basket_that_is_open_even_if_one_was_closed_meanwhile():
    option, [held] = a_full()
    request = asks(option)
    Basket.objects.filter(guardian=request.guardian).update(closed_at=NOON)
    let_go(held)
    line = request.registrations.get()
    assert line.basket.closed_at is None

    Basket.objects.filter(pk=line.basket_id).update(closed_at=NOON)
    operations.sweep(at=LATER)

    line.refresh_from_db()
    assert line.basket.closed_at is None


def test_a_family_sees_what_it_waits_for_and_not_what_it_is_kept_away_from():
    option, _ = a_full()
    guardian = a_guardian()
    request = asks(option, guardian=guardian)
    assert waiting.of_guardian(guardian.id) == [request]
    assert waiting.of_offering(option.offering_id) == [request]

    Guardianship.objects.filter(guardian=guardian).update(is_blocked=True)

    assert waiting.of_guardian(guardian.id) == []


@pytest.mark.parametrize("families", [1, 3])
def test_ranks_and_lists_ask_the_database_as_often_for_many_as_for_one(families, django_assert_num_queries):
    option, _ = a_full()
    requests = [asks(option, children=2, at=NOON + timedelta(minutes=minute)) for minute in range(families)]

    with django_assert_num_queries(1):
        ranks = waiting.ranks(requests)
    assert [ranks[request.id, option.id] for request in requests] == list(range(1, families + 1))
    with django_assert_num_queries(2):
        for request in waiting.of_offering(option.offering_id):
            assert len([str(line.participant) + str(line.option.offering) for line in request.registrations.all()]) == 2


def test_a_child_who_leaves_the_familys_list_leaves_the_waiting_lists():
    option, _ = a_full()
    request = asks(option)
    child = request.registrations.get().participant

    participants.remove_participant(guardian_id=request.guardian_id, participant_id=child.id, actor=SYSTEM, at=LATER)

    assert status_of(request) == [RequestStatus.LEFT]
    assert not Registration.objects.filter(status=Status.REQUESTED).exists()


def test_a_merged_account_waits_on_as_the_one_that_is_kept():
    option, [held] = a_full()
    request = asks(option)
    kept = a_guardian(first_name="Paul")

    merge_guardians.merge_guardians(kept_id=kept.id, gone_id=request.guardian_id, from_gone=(), actor=SYSTEM, at=NOON)
    let_go(held)

    assert status_of(request) == [RequestStatus.OFFERED]
    assert (request.guardian, request.registrations.get().basket.guardian) == (Guardian.objects.get(pk=kept.pk), kept)
