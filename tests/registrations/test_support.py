"""A place is kept while a request for support is studied: never sold to another, handed over or freed by the answer."""

from datetime import date, datetime, timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Code
from tenant_apps.entitlements import errors as asked
from tenant_apps.entitlements import telling
from tenant_apps.entitlements.models import Entitlement, Status
from tenant_apps.entitlements.operations.deciding import Granted
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations import participants
from tenant_apps.registrations import errors, freeing, operations, support, withdrawing
from tenant_apps.registrations.models import Places, Registration
from tenant_apps.registrations.models import Status as Held
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_consent
from tests.factories.moments import NOON, TORONTO
from tests.factories.registrations import a_hold

CALENDAR = {"from_on": "2026-09-10", "until_on": "2026-09-20", "keep_days": 14}
GRANTED = Granted(from_on=NOON.date(), until_on=None, answer="Une accompagnatrice sera là.", ratio=1)


def a_camp(**columns: object) -> Offering:
    """Requests are taken now; registration opens in a month."""
    return an_offering(**{"nature": "camp", "support": CALENDAR, "opens_at": NOON + timedelta(days=30), **columns})


def a_week(*, places: int = 1, **columns: object) -> Option:
    return an_option("Semaine 1", offering=a_camp(**columns), places=places)


def ask(option: Option, guardian: Guardian | None = None, child: Participant | None = None, at: datetime = NOON):  # type: ignore[no-untyped-def]
    guardian = guardian or a_guardian()
    child = child or a_child(of=guardian)
    [request] = support.ask(
        guardian_id=guardian.id,
        participant_id=child.id,
        option_ids=[option.id],
        words="Il faut quelqu’un avec lui.",
        actor=SYSTEM,
        at=at,
    )
    return request


def taken(option: Option) -> int:
    return Places.objects.get(option_id=option.id).taken


def accept(request: Entitlement, at: datetime = NOON) -> Entitlement:
    return support.accept(entitlement_id=request.id, granted=GRANTED, actor=SYSTEM, at=at)


@pytest.mark.line("O-11")
def test_a_request_keeps_its_place_before_the_opening_and_out_of_the_basket() -> None:
    option = a_week()
    request = ask(option)
    kept = support.kept_place(request)

    assert kept is not None
    assert (request.status, kept.status, taken(option)) == (Status.ASKED, Held.HELD, 1)
    assert kept.held_until == datetime(2026, 9, 30, 23, 59, tzinfo=TORONTO)
    assert kept.basket.closed_at == NOON
    assert telling.said(request).words == "Il faut quelqu’un avec lui."
    with pytest.raises(errors.BasketClosed):
        operations.begin_check_out(basket_id=kept.basket_id, at=NOON)


@pytest.mark.line("O-11")
def test_the_last_place_is_kept_once() -> None:
    option = a_week(places=1)
    ask(option)

    with pytest.raises(errors.OptionFull):
        ask(option)

    assert (Entitlement.objects.count(), taken(option)) == (1, 1)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (datetime(2026, 9, 9, 23, 59, tzinfo=TORONTO), False),
        (datetime(2026, 9, 10, tzinfo=TORONTO), True),
        (datetime(2026, 9, 20, 23, 59, tzinfo=TORONTO), True),
        (datetime(2026, 9, 21, tzinfo=TORONTO), False),
    ],
)
def test_requests_have_a_calendar_of_their_own_both_days_included(at: datetime, is_open: bool) -> None:
    option = a_week()
    if is_open:
        assert ask(option, at=at).asked_at == at
        return
    with pytest.raises(asked.SupportNotOpen):
        ask(option, at=at)
    assert taken(option) == 0


def test_nothing_is_asked_where_no_calendar_says_so() -> None:
    with pytest.raises(asked.NotAskedHere):
        ask(a_week(support={}))


def test_only_the_opening_is_waived_while_one_asks() -> None:
    option = a_week(deadline_on=date(2026, 9, 1))

    with pytest.raises(errors.NotAllowed) as refused:
        ask(option)

    assert [reason.code for reason in refused.value.reasons] == [Code.DEADLINE_PASSED]
    assert Entitlement.objects.count() == 0


@pytest.mark.line("O-11")
def test_once_granted_the_place_is_in_the_basket_with_days_to_finish() -> None:
    option = a_week()
    request = ask(option)
    accepted = accept(request)
    [line] = Registration.objects.all()

    assert (accepted.status, telling.said(accepted).ratio) == (Status.GRANTED, 1)
    assert (line.status, line.held_until, taken(option)) == (Held.HELD, NOON + timedelta(days=5), 1)
    assert line.basket.closed_at is None
    assert line.basket.guardian_id == request.guardian_id


@pytest.mark.parametrize("asked_of_it", ["registration_form", "consent_form"])
def test_a_place_that_was_granted_is_not_paid_before_its_form_is_filled_in(asked_of_it: str) -> None:
    option = a_week(**{asked_of_it: a_consent().form})
    accept(ask(option))
    [line] = Registration.objects.all()

    with pytest.raises(errors.NotFilledIn):
        operations.begin_check_out(basket_id=line.basket_id, at=NOON)

    line.refresh_from_db()
    assert line.status == Held.HELD


def test_the_offerings_own_hold_is_given_where_it_is_longer() -> None:
    accept(ask(a_week(hold_minutes=60 * 24 * 10)))

    assert Registration.objects.get().held_until == NOON + timedelta(days=10)


def test_once_granted_the_family_may_choose_again_before_the_opening() -> None:
    option = a_week(places=2)
    guardian = a_guardian()
    child = a_child(of=guardian)
    accept(ask(option, guardian, child))
    [line] = Registration.objects.all()
    again = a_hold(option, basket=line.basket, child=child, replacing=[line.id])

    assert (again.status, taken(option)) == (Held.HELD, 1)


@pytest.mark.line("O-11")
def test_a_refusal_frees_the_place_at_once() -> None:
    option = a_week()
    request = ask(option)
    support.refuse(entitlement_id=request.id, answer="Pas cette semaine.", actor=SYSTEM, at=NOON)

    assert (taken(option), Registration.objects.get().status) == (0, Held.RELEASED)
    assert ask(option).status == Status.ASKED


def test_a_no_to_what_the_camp_asks_frees_the_place_that_is_kept_apart() -> None:
    version = a_consent()
    option = a_week(consent_form=version.form)
    request = ask(option)
    assert request.participant_id is not None

    withdrawing.free_held(version.form_id, request.participant_id, actor=SYSTEM, at=NOON)

    assert taken(option) == 0


def test_a_family_that_takes_its_request_back_frees_the_place() -> None:
    option = a_week()
    request = ask(option)
    support.withdraw(entitlement_id=request.id, guardian_id=request.guardian_id, actor=SYSTEM, at=NOON)

    assert taken(option) == 0


def test_a_child_who_is_taken_off_the_list_takes_its_requests_and_their_places_along() -> None:
    option, guardian = a_week(places=20, support={**CALENDAR, "places": 2}), a_guardian()
    child, sister = a_child(of=guardian), a_child("Bo", of=guardian)
    gone, stays = ask(option, guardian, child), ask(option, guardian, sister)

    participants.remove_participant(guardian_id=guardian.id, participant_id=child.id, actor=SYSTEM, at=NOON)

    gone.refresh_from_db(), stays.refresh_from_db()
    assert (gone.status, support.kept_place(gone)) == (Status.WITHDRAWN, None)
    assert (stays.status, support.kept_place(stays) is not None, taken(option)) == (Status.ASKED, True, 1)


@pytest.mark.parametrize("asked_herself", [True, False])
def test_a_parent_who_lets_a_child_go_takes_back_only_what_that_parent_asked(asked_herself: bool) -> None:
    option, mother, father = a_week(places=2), a_guardian(), a_guardian(first_name="Paul")
    child = a_child(of=mother)
    Guardianship.objects.create(guardian=father, participant=child)
    request = ask(option, mother, child)
    guardian = mother if asked_herself else father

    participants.remove_participant(guardian_id=guardian.id, participant_id=child.id, actor=SYSTEM, at=NOON)

    request.refresh_from_db()
    assert (request.status, taken(option)) == ((Status.WITHDRAWN, 0) if asked_herself else (Status.ASKED, 1))


def test_a_request_that_nobody_answers_lets_its_place_go_when_its_days_are_over() -> None:
    option = a_week()
    request = ask(option)
    assert operations.sweep(at=NOON + timedelta(days=14)) == 0

    assert operations.sweep(at=datetime(2026, 10, 1, tzinfo=TORONTO)) == 1
    request.refresh_from_db()
    assert (request.status, taken(option), support.kept_place(request)) == (Status.ASKED, 0, None)


def test_accepted_late_the_place_is_taken_again_if_there_is_one() -> None:
    option = a_week()
    request = ask(option)
    late = NOON + timedelta(days=16)
    operations.sweep(at=late)

    accept(request, at=late)

    assert taken(option) == 1


def test_accepted_late_with_no_place_left_staff_are_told_and_nothing_is_decided() -> None:
    option = a_week()
    request = ask(option)
    late = NOON + timedelta(days=31)
    operations.sweep(at=late)
    a_hold(option, at=late)

    with pytest.raises(errors.OptionFull):
        accept(request, at=late)

    request.refresh_from_db()
    assert (request.status, taken(option)) == (Status.ASKED, 1)


def test_several_weeks_are_asked_at_once_or_none_is() -> None:
    camp = a_camp()
    first, second, full = (an_option(offering=camp, places=number) for number in (1, 1, 0))
    guardian = a_guardian()
    child = a_child(of=guardian)
    said = {"guardian_id": guardian.id, "participant_id": child.id, "words": "Oui.", "actor": SYSTEM, "at": NOON}
    with pytest.raises(errors.OptionFull):
        support.ask(option_ids=[first.id, full.id], **said)
    assert (Entitlement.objects.count(), taken(first)) == (0, 0)

    requests = support.ask(option_ids=[first.id, second.id], **said)

    assert {request.option_id for request in requests} == {first.id, second.id}
    assert sorted([taken(first), taken(second)]) == [0, 1]


@pytest.mark.line("O-11")
def test_a_child_keeps_one_place_of_an_offering_whichever_parent_asks() -> None:
    camp = a_camp()
    first, second = (an_option(offering=camp, places=10) for _ in range(2))
    mother, father = a_guardian(), a_guardian(first_name="Paul")
    child = a_child(of=mother)
    Guardianship.objects.create(guardian=father, participant=child)

    ask(first, mother, child)
    studied = ask(second, father, child)

    assert (studied.status, support.kept_place(studied), taken(first), taken(second)) == (Status.ASKED, None, 1, 0)
    assert accept(studied).status == Status.GRANTED
    assert taken(second) == 1


@pytest.mark.parametrize(
    ("places", "said", "kept"), [(5, None, 1), (10, None, 1), (11, None, 2), (12, 3, 3), (None, None, 5), (None, 1, 5)]
)
def test_requests_keep_no_more_than_a_share_of_the_places(places: int | None, said: int | None, kept: int) -> None:
    option = an_option(offering=a_camp(support={**CALENDAR, "places": said}), places=places)
    guardian = a_guardian()
    requests = [ask(option, guardian, a_child(name, of=guardian)) for name in ("Ada", "Bo", "Cy", "Di", "Eve")]

    assert (len(support.kept_places(requests)), taken(option)) == (kept, kept)
    assert list(support.kept_places(requests)) == [request.id for request in requests[:kept]]


def test_a_place_that_is_kept_no_longer_leaves_room_for_the_next_request() -> None:
    option = a_week(places=2)
    ask(option)

    assert support.kept_place(ask(option, at=datetime(2026, 9, 18, tzinfo=TORONTO))) is None
    Registration.objects.update(held_until=datetime(2026, 9, 17, tzinfo=TORONTO))
    assert support.kept_place(ask(option, at=datetime(2026, 9, 18, tzinfo=TORONTO))) is not None


@pytest.mark.line("O-11")
def test_asked_again_a_place_is_kept_no_longer_than_the_first_time() -> None:
    option, guardian = a_week(support={**CALENDAR, "keep_days": 2}), a_guardian()
    child = a_child(of=guardian)
    found = []
    for days in (0, 1, 4):
        at = NOON + timedelta(days=days)
        request = ask(option, guardian, child, at=at)
        kept = support.kept_place(request)
        found.append(kept and kept.held_until)
        support.withdraw(entitlement_id=request.id, guardian_id=guardian.id, actor=SYSTEM, at=at)

    until = datetime(2026, 9, 18, 23, 59, tzinfo=TORONTO)
    assert (found, taken(option)) == ([until, until, None], 0)


def test_the_kept_places_of_many_requests_are_each_their_own() -> None:
    option = a_week(places=5, support={**CALENDAR, "places": 2})
    guardian = a_guardian()
    first, second = (ask(option, guardian, a_child(name, of=guardian)) for name in ("Ada", "Bo"))
    found = support.kept_places([first, second])

    assert {key: each.participant_id for key, each in found.items()} == {
        first.id: first.participant_id,
        second.id: second.participant_id,
    }
    assert freeing.free(found.values(), at=NOON) == 2
