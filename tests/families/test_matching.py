"""A child who is known already is found, and never made twice silently."""

from typing import Any

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.families import matching, queries
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.models import Guardian, Guardianship, LinkRequest, Participant
from tenant_apps.families.operations import adding, claims, participants
from tenant_apps.families.operations.adding import Outcome
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.moments import NOON
from tests.factories.organisation import an_establishment
from tests.families.links import BORN, a_link, actor_of

pytestmark = pytest.mark.usefixtures("organisation_a")

NUMBER = "85073003328"


def an_imported_child(**columns: Any) -> Participant:
    child = Participant.objects.create(
        **{
            "last_name": "Lapointe",
            "first_name": "John",
            "birth_date": BORN,
            "student_number": "1234567",
            "external_id": "s-1",
            "locked_fields": ["last_name", "first_name", "birth_date", "student_number"],
            **columns,
        }
    )
    Guardianship.objects.create(guardian=Guardian.objects.create(email="bureau@example.org"), participant=child)
    return child


def john(**said: Any) -> Identity:
    return Identity(**{"last_name": "Lapointe", "first_name": "John", "birth_date": BORN, **said})


def add(guardian: Guardian, identity: Identity, **sealed: Any) -> adding.Addition:
    return adding.add_child(
        guardian_id=guardian.id, identity=identity, answers=Answers(sealed=sealed), actor=actor_of(guardian), at=NOON
    )


def test_a_child_whom_nobody_knows_is_added() -> None:
    parent = a_guardian()
    an_imported_child(first_name="Ada")

    addition = add(parent, john())

    assert addition.outcome is Outcome.ADDED
    assert queries.participants_of(parent.id) == [addition.participant]


@pytest.mark.line("S1-50", "S4-08", "S4-14")
def test_a_number_the_name_and_the_birth_date_prove_an_imported_child() -> None:
    parent, child = a_guardian(), an_imported_child()

    addition = add(parent, john(first_name="JOHN", student_number="1234567"))

    assert addition == adding.Addition(Outcome.LINKED, child)
    assert queries.participants_of(parent.id) == [child]
    assert Participant.objects.count() == 1


@pytest.mark.line("S4-10", "S4-14")
def test_the_national_number_proves_as_well_and_is_found_by_its_hash() -> None:
    parent = a_guardian()
    child = an_imported_child(student_number="", national_number_hash=matching.national_number_hash(NUMBER))

    assert add(parent, john(), national_number="85.07.30-033 28") == adding.Addition(Outcome.LINKED, child)


@pytest.mark.parametrize("said", [{}, {"student_number": "1234567", "birth_date": None}, {"student_number": "7654321"}])
def test_less_than_that_links_nobody(said: dict[str, Any]) -> None:
    parent, child = a_guardian(), an_imported_child()

    addition = add(parent, john(**said))

    assert addition.outcome is not Outcome.LINKED
    assert child not in queries.participants_of(parent.id)


@pytest.mark.line("S4-14")
def test_the_same_name_and_birth_date_wait_for_somebodys_word() -> None:
    parent, child = a_guardian(), an_imported_child()

    assert add(parent, john()) == adding.Addition(Outcome.CLAIMED, None)
    assert queries.participants_of(parent.id) == []
    [request] = queries.open_claims()
    assert (request.guardian, request.participant, request.said["birth_date"]) == (parent, child, "2019-06-12")


def test_the_same_claim_twice_is_one_claim() -> None:
    parent = a_guardian()
    an_imported_child()

    add(parent, john())
    add(parent, john())

    assert LinkRequest.objects.count() == 1


def test_another_parents_child_is_claimed_and_not_made_again() -> None:
    mother, father = a_guardian(), a_guardian(first_name="Georges")
    child = a_child("John", of=mother, birth_date=BORN)

    assert add(father, john()).outcome is Outcome.CLAIMED
    assert [request.participant for request in queries.claims_to_decide(mother.id)] == [child]
    assert Participant.objects.count() == 1


def test_a_number_does_not_take_a_child_from_a_parent_who_has_an_account() -> None:
    mother, father = a_guardian(), a_guardian(first_name="Georges")
    child = an_imported_child()
    a_link(mother, child)

    assert add(father, john(student_number="1234567")).outcome is Outcome.CLAIMED


def test_two_children_of_one_name_and_day_are_told_apart_by_their_schools() -> None:
    parent, one, other = a_guardian(), an_establishment(), an_establishment()
    an_imported_child(establishment=one)

    assert add(parent, john(establishment_id=other.id)).outcome is Outcome.ADDED


@pytest.mark.line("S1-09")
def test_what_a_guest_typed_hinders_no_parent() -> None:
    parent = a_guardian()
    a_child("John", of=a_guest(), birth_date=BORN)

    assert add(parent, john()).outcome is Outcome.ADDED


def test_a_child_of_ones_own_is_listed_once() -> None:
    parent = a_guardian()
    a_child("John", of=parent, birth_date=BORN)

    with pytest.raises(participants.AlreadyListed):
        add(parent, john())


@pytest.mark.line("O-01")
@pytest.mark.parametrize("said", [{}, {"birth_date": None}, {"student_number": "1234567"}])
def test_who_is_blocked_is_answered_like_anybody_who_proves_nothing(said: dict[str, Any]) -> None:
    blocked, child = a_guardian(first_name="Georges"), an_imported_child()
    a_link(blocked, child, is_blocked=True)

    assert add(blocked, john(**said)) == adding.Addition(Outcome.CLAIMED, None)
    assert queries.participants_of(blocked.id) == []


def test_a_child_from_whom_somebody_is_kept_away_is_given_by_staff_alone() -> None:
    """The adult who is kept away may come back under another address."""
    mother, blocked, again = a_guardian(), a_guardian(first_name="Georges"), a_guardian(first_name="Georges")
    child = an_imported_child()
    a_link(blocked, child, is_blocked=True)

    assert add(again, john(student_number="1234567")).outcome is Outcome.CLAIMED
    a_link(mother, child)
    assert list(queries.claims_to_decide(mother.id)) == []
    assert len(queries.open_claims()) == 1


def test_claims_are_no_way_to_ask_who_is_enrolled() -> None:
    parent = a_guardian()
    for number in range(6):
        an_imported_child(first_name=f"Child {number}", external_id=f"c-{number}", student_number="")
    for number in range(5):
        add(parent, john(first_name=f"Child {number}"))

    with pytest.raises(adding.TooManyClaims):
        add(parent, john(first_name="Child 5"))
    for request in LinkRequest.objects.filter(guardian=parent):
        claims.withdraw_claim(request_id=request.id, guardian_id=parent.id, actor=SYSTEM, at=NOON)
    with pytest.raises(adding.TooManyClaims):
        add(parent, john(first_name="Child 5"))


def test_a_national_number_that_is_another_childs_is_refused_without_saying_whose() -> None:
    mine, other = a_guardian(), a_guardian()
    child = a_child("Ada", of=mine)
    a_child("Bo", of=other, sealed={"national_number": NUMBER})

    with pytest.raises(participants.NumberTaken, match="ne peut pas être enregistré ici"):
        participants.complete_participant(
            guardian_id=mine.id,
            participant_id=child.id,
            identity=Identity(last_name="Lapointe", first_name="Ada"),
            answers=Answers(sealed={"national_number": NUMBER}),
            actor=SYSTEM,
            at=NOON,
        )


@pytest.mark.line("S2-05")
def test_the_accounts_holder_takes_part_too_and_once() -> None:
    guardian = a_guardian()
    me = Identity(last_name="Lapointe", first_name="Marie", birth_date=BORN)
    said = {"guardian_id": guardian.id, "identity": me, "answers": Answers(), "actor": SYSTEM, "at": NOON}

    member = adding.add_self(**said)

    assert queries.own_membership(guardian.id) == member
    assert Guardian.objects.get(id=guardian.id).birth_date == BORN
    with pytest.raises(adding.AlreadyMember):
        adding.add_self(**said)


def test_an_identity_from_an_authentic_source_is_the_members_own() -> None:
    guardian = a_guardian()
    Guardian.objects.filter(id=guardian.id).update(locked_fields=["last_name", "first_name"], last_name="Roy")

    member = adding.add_self(
        guardian_id=guardian.id,
        identity=Identity(last_name="Typed", first_name="Marie", birth_date=BORN),
        answers=Answers(),
        actor=SYSTEM,
        at=NOON,
    )

    assert str(member) == "Roy Marie"
