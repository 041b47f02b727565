"""Families: what each guardian has, and what belongs to others."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.families import queries
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations import guardians, participants
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.moments import NOON
from tests.factories.organisation import a_level, a_user, an_establishment

pytestmark = pytest.mark.usefixtures("organisation_a")

ADA = Identity(last_name="Lapointe", first_name="Ada")


def names(guardian: Guardian) -> list[str]:
    return [participant.first_name for participant in queries.participants_of(guardian.id)]


def test_an_account_has_one_guardian_however_often_it_is_asked() -> None:
    user = a_user(first_name="Marie", last_name="Lapointe")

    first = guardians.ensure_guardian(user=user, at=NOON)
    assert guardians.ensure_guardian(user=user, at=NOON + timedelta(days=1)) == first
    assert (first.first_name, first.email, queries.guardian_of(user)) == ("Marie", user.email, first)


def test_a_visitor_is_nobody_s_guardian() -> None:
    assert queries.guardian_of(AnonymousUser()) is None
    assert queries.guardian_of(a_user()) is None


@pytest.mark.line("S1-09")
def test_a_guest_is_a_guardian_without_an_account_and_stays_apart_from_one() -> None:
    guardian = a_guardian()
    guest = a_guest(email=guardian.email)

    assert guest.user is None
    assert guest != guardian


@pytest.mark.line("S1-14")
def test_children_are_listed_by_their_name() -> None:
    guardian = a_guardian()
    a_child("Léa", of=guardian)
    a_child("John", of=guardian)
    a_child("Zoé", of=guardian, last_name="Abel")

    assert [str(child) for child in queries.participants_of(guardian.id)] == [
        "Abel Zoé",
        "Lapointe John",
        "Lapointe Léa",
    ]


@pytest.mark.line("S1-17")
def test_a_removed_child_leaves_the_list_and_stays_in_the_books() -> None:
    guardian = a_guardian()
    child = a_child("Ada", of=guardian)

    participants.remove_participant(guardian_id=guardian.id, participant_id=child.id, actor=SYSTEM, at=NOON)

    assert names(guardian) == []
    assert Participant.objects.get(id=child.id).removed_at == NOON
    with pytest.raises(Participant.DoesNotExist):
        queries.participant_of(guardian.id, child.id)


def test_another_family_s_child_does_not_exist() -> None:
    mine, other = a_guardian(), a_guardian()
    child = a_child("Ada", of=other)

    with pytest.raises(Participant.DoesNotExist):
        queries.participant_of(mine.id, child.id)
    with pytest.raises(Participant.DoesNotExist):
        participants.change_participant(
            guardian_id=mine.id, participant_id=child.id, identity=ADA, answers=Answers(), actor=SYSTEM, at=NOON
        )
    with pytest.raises(Participant.DoesNotExist):
        participants.remove_participant(guardian_id=mine.id, participant_id=child.id, actor=SYSTEM, at=NOON)
    assert names(other) == ["Ada"]


def test_who_may_not_enrol_says_nothing_of_who_the_child_is() -> None:
    guardian = a_guardian()
    child = a_child("Ada", of=guardian)
    Guardianship.objects.update(may_enrol=False)
    said = {
        "guardian_id": guardian.id,
        "participant_id": child.id,
        "identity": Identity(last_name="Roy", first_name="Zoé"),
        "answers": Answers(own={"swims": "well"}),
        "actor": SYSTEM,
        "at": NOON,
    }

    with pytest.raises(participants.MayNotChange):
        participants.change_participant(**said)
    with pytest.raises(participants.MayNotChange):
        participants.remove_participant(guardian_id=guardian.id, participant_id=child.id, actor=SYSTEM, at=NOON)
    participants.complete_participant(**said)

    child.refresh_from_db()
    assert (str(child), child.removed_at, child.answers) == ("Lapointe Ada", None, {"swims": "well"})


def test_a_blocked_adult_sees_nothing() -> None:
    guardian = a_guardian()
    child = a_child("Ada", of=guardian)
    Guardianship.objects.update(is_blocked=True)

    assert names(guardian) == []
    with pytest.raises(Participant.DoesNotExist):
        queries.participant_of(guardian.id, child.id)


def test_a_child_of_two_guardians_is_one_child() -> None:
    mother, father = a_guardian(first_name="Marie"), a_guardian(first_name="Georges")
    child = a_child("Ada", of=mother)
    Guardianship.objects.create(guardian=father, participant=child)

    assert names(mother) == names(father) == ["Ada"]


def test_the_same_child_is_not_listed_twice() -> None:
    guardian = a_guardian()
    a_child("Ada", of=guardian, birth_date=date(2019, 6, 12))
    a_child("Ada", of=guardian, birth_date=date(2021, 1, 2))

    with pytest.raises(participants.AlreadyListed):
        a_child("ADA", of=guardian, birth_date=date(2019, 6, 12))

    assert names(guardian) == ["Ada", "Ada"]


def test_a_guest_sent_twice_is_made_once() -> None:
    guest = a_guest()
    said = {"email": "else@example.org", "first_name": "", "last_name": "", "phone": "", "language": "fr"}

    assert guardians.ensure_guest(guest_id=guest.id, at=NOON, **said).email == guest.email
    assert Guardian.objects.count() == 1


def test_a_guest_is_given_to_an_account_that_has_no_file_of_its_own() -> None:
    guest, newcomer, member = a_guest(), a_user(), a_guardian()
    assert member.user is not None

    guardians.give_to_account(guest_id=guest.id, user=member.user, actor=SYSTEM, at=NOON)
    guardians.give_to_account(guest_id=guest.id, user=newcomer, actor=SYSTEM, at=NOON)
    guardians.give_to_account(guest_id=guest.id, user=a_user(), actor=SYSTEM, at=NOON)

    assert Guardian.objects.get(id=guest.id).user == newcomer
    assert Guardian.objects.get(user=member.user) == member


def test_the_profile_writes_the_record_anew_and_keeps_other_forms_answers() -> None:
    guardian = a_guardian()
    child = a_child("Ada", of=guardian, level=a_level(), birth_date=date(2019, 6, 12), answers={"swims": "well"})

    participants.change_participant(
        guardian_id=guardian.id,
        participant_id=child.id,
        identity=Identity(last_name="Roy", first_name="Ada"),
        answers=Answers(own={"teacher": "Mme Roy"}),
        actor=SYSTEM,
        at=NOON,
    )

    child.refresh_from_db()
    assert (child.last_name, child.level, child.birth_date) == ("Roy", None, None)
    assert child.answers == {"swims": "well", "teacher": "Mme Roy"}


def test_a_registration_completes_the_record_and_keeps_what_it_did_not_ask() -> None:
    guardian, school = a_guardian(), an_establishment()
    child = a_child("Ada", of=guardian, birth_date=date(2019, 6, 12), answers={"swims": "well"})

    participants.complete_participant(
        guardian_id=guardian.id,
        participant_id=child.id,
        identity=Identity(last_name="Lapointe", first_name="Ada", establishment_id=school.id),
        answers=Answers(own={"teacher": "Mme Roy"}),
        actor=SYSTEM,
        at=NOON,
    )

    child.refresh_from_db()
    assert (child.birth_date, child.establishment) == (date(2019, 6, 12), school)
    assert child.answers == {"swims": "well", "teacher": "Mme Roy"}


def test_what_is_done_to_a_record_is_in_the_trail_and_its_answers_are_not() -> None:
    guardian = a_guardian()
    child = a_child("Ada", of=guardian, answers={"allergies_details": "Noix"})
    participants.remove_participant(guardian_id=guardian.id, participant_id=child.id, actor=SYSTEM, at=NOON)

    entries = Entry.objects.filter(subject_id=child.id).order_by("id")
    assert [(entry.action, entry.details) for entry in entries] == [
        ("participant.added", {}),
        ("participant.removed", {}),
    ]


@pytest.mark.line("S1-21", "S1-24")
def test_a_parent_whose_name_is_not_known_is_who_the_form_says() -> None:
    nameless, known = a_guardian(first_name="", last_name=""), a_guardian()
    said = {"guardian_last_name": "Tremblay", "guardian_first_name": "Rose", "guardian_phone": "+18195550177"}

    for guardian in (nameless, known):
        guardians.answer_for_household(guardian_id=guardian.id, answers=said, at=NOON)
        guardian.refresh_from_db()

    assert (str(nameless), nameless.phone) == ("Tremblay Rose", "+18195550177")
    assert str(known) == "Lapointe Marie"
