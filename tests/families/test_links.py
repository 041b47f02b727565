"""How somebody becomes responsible for a child who is known: by an invitation, a claim or a letter."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.families import codes, queries
from tenant_apps.families.identity import Identity
from tenant_apps.families.models import Guardian, Guardianship, LinkRequest, Participant
from tenant_apps.families.operations import claims, guardians, invitations, letters, links, participants
from tenant_apps.families.rights import Rights
from tenant_apps.families.standing import standing_of
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.families.links import BORN, a_link, actor_of, an_invitation, code_sent

pytestmark = pytest.mark.usefixtures("organisation_a")

EVEN = [{"from": None, "until": None, "weeks": "even"}]


@pytest.fixture
def mother() -> Guardian:
    return a_guardian()


@pytest.fixture
def father() -> Guardian:
    return a_guardian(first_name="Georges", last_name="Roy")


@pytest.fixture
def child(mother: Guardian) -> Participant:
    return a_child("John", of=mother, birth_date=BORN)


def accept(code: str, guardian: Guardian, at: Any = NOON) -> Guardianship:
    return invitations.accept(code=code, guardian_id=guardian.id, actor=actor_of(guardian), at=at)


@pytest.mark.line("O-01")
def test_who_is_invited_becomes_responsible_with_the_rights_that_were_proposed(
    mother: Guardian, father: Guardian, child: Participant
) -> None:
    _request, code = an_invitation(mother, child, may_see_health=False)

    accept(code, father)

    assert queries.participants_of(father.id) == [child]
    standing = standing_of(father.id, child.id)
    assert standing is not None
    assert (standing.may_enrol, standing.may_see_health, standing.may_pay) == (True, False, True)


def test_the_code_is_kept_nowhere_as_it_is(mother: Guardian, child: Participant) -> None:
    request, code = an_invitation(mother, child)

    assert request.code_hash == codes.hashed(code.lower())
    assert code not in str(list(Event.objects.values())) + str(list(LinkRequest.objects.values()))


def test_an_invitation_serves_once(mother: Guardian, father: Guardian, child: Participant) -> None:
    _request, code = an_invitation(mother, child)
    accept(code, father)

    with pytest.raises(invitations.NoSuchInvitation):
        accept(code, a_guardian())
    with pytest.raises(invitations.NoSuchInvitation):
        invitations.refuse(code=code, guardian_id=father.id, actor=SYSTEM, at=NOON)


def test_sent_twice_by_the_same_one_it_is_one_answer(mother: Guardian, father: Guardian, child: Participant) -> None:
    _request, code = an_invitation(mother, child)

    assert accept(code, father) == accept(code, father)
    assert Event.objects.filter(kind="families.invitation_answered").count() == 1


def test_it_gives_no_right_that_its_sender_has_lost_since(
    mother: Guardian, father: Guardian, child: Participant
) -> None:
    _request, code = an_invitation(mother, child)
    Guardianship.objects.filter(guardian=mother).update(may_see_health=False)

    made = accept(code, father)

    assert (made.may_enrol, made.may_see_health, made.may_pay) == (True, False, True)


def test_it_opens_nothing_to_who_is_kept_away_from_the_child(
    mother: Guardian, father: Guardian, child: Participant
) -> None:
    a_link(father, child, is_blocked=True)
    _request, code = an_invitation(mother, child)

    with pytest.raises(invitations.NoSuchInvitation):
        invitations.read(code=code, at=NOON, guardian_id=father.id)
    with pytest.raises(invitations.NoSuchInvitation):
        invitations.refuse(code=code, guardian_id=father.id, actor=SYSTEM, at=NOON)


def test_who_moves_in_brings_nothing_that_was_answered_with_somebody_else(
    mother: Guardian, father: Guardian, child: Participant
) -> None:
    former = a_guardian()
    links.share_household(host_id=former.id, guest_id=father.id, at=NOON)
    guardians.answer_for_household(guardian_id=former.id, answers={"address": "12, rue du Port"}, at=NOON)
    _request, code = an_invitation(mother, child, same_household=True)

    accept(code, father)

    together = Guardian.objects.select_related("household").get(id=father.id)
    assert together.household is not None
    assert (together.household_id, together.household.answers) == (mother.household_id, {})


def test_an_invitation_lasts_fourteen_days(mother: Guardian, father: Guardian, child: Participant) -> None:
    _request, code = an_invitation(mother, child)

    with pytest.raises(invitations.NoSuchInvitation):
        accept(code, father, NOON + timedelta(days=14))
    accept(code, father, NOON + timedelta(days=14, seconds=-1))


def test_sent_again_it_has_another_code_and_another_fourteen_days(
    mother: Guardian, father: Guardian, child: Participant
) -> None:
    request, first = an_invitation(mother, child)
    later = NOON + timedelta(days=10)

    invitations.resend(guardian_id=mother.id, request_id=request.id, actor=SYSTEM, at=later)

    with pytest.raises(invitations.NoSuchInvitation):
        accept(first, father, later)
    accept(code_sent(request.id), father, NOON + timedelta(days=20))


def test_cancelled_or_refused_it_opens_nothing(mother: Guardian, father: Guardian, child: Participant) -> None:
    request, code = an_invitation(mother, child)
    invitations.cancel(guardian_id=mother.id, request_id=request.id, actor=SYSTEM, at=NOON)
    _other, refused = an_invitation(mother, child)
    invitations.refuse(code=refused, guardian_id=father.id, actor=SYSTEM, at=NOON)

    for dead in (code, refused):
        with pytest.raises(invitations.NoSuchInvitation):
            accept(dead, father)
    with pytest.raises(links.NotPending):
        invitations.cancel(guardian_id=mother.id, request_id=request.id, actor=SYSTEM, at=NOON)


def test_only_who_sent_it_cancels_it(mother: Guardian, father: Guardian, child: Participant) -> None:
    request, code = an_invitation(mother, child)

    for move in (invitations.cancel, invitations.resend):
        with pytest.raises(links.NotPending):
            move(guardian_id=father.id, request_id=request.id, actor=SYSTEM, at=NOON)
    accept(code, father)


def test_another_organisations_code_is_nothing(
    mother: Guardian, child: Participant, organisation_b: Organisation
) -> None:
    _request, code = an_invitation(mother, child)
    kept = LinkRequest.objects.values("code_hash").get()

    with in_organisation(organisation_b):
        with pytest.raises(invitations.NoSuchInvitation):
            accept(code, a_guardian())
        assert codes.hashed(code) != kept["code_hash"]


def test_nobody_gives_a_right_that_they_have_not(mother: Guardian, father: Guardian, child: Participant) -> None:
    Guardianship.objects.update(may_pay=False)
    _request, code = an_invitation(mother, child, may_pay=True)

    assert accept(code, father).may_pay is False


def test_who_may_not_enrol_invites_nobody(mother: Guardian, child: Participant) -> None:
    Guardianship.objects.update(may_enrol=False)

    with pytest.raises(invitations.MayNotInvite):
        an_invitation(mother, child)


def test_an_invitation_dies_with_the_right_of_who_sent_it(
    mother: Guardian, father: Guardian, child: Participant
) -> None:
    _request, code = an_invitation(mother, child)
    Guardianship.objects.filter(guardian=mother).update(is_blocked=True)

    with pytest.raises(invitations.NoSuchInvitation):
        accept(code, father)


@pytest.mark.line("O-01")
def test_who_is_kept_away_is_not_brought_back_by_an_invitation(
    mother: Guardian, father: Guardian, child: Participant
) -> None:
    a_link(father, child, is_blocked=True)
    _request, code = an_invitation(mother, child)

    with pytest.raises(invitations.NoSuchInvitation):
        accept(code, father)
    assert queries.participants_of(father.id) == []


def test_who_is_responsible_already_keeps_the_rights_they_have(mother: Guardian, child: Participant) -> None:
    _request, code = an_invitation(mother, child, may_pay=False)

    with pytest.raises(invitations.AlreadyResponsible):
        accept(code, mother)
    assert Guardianship.objects.get().may_pay is True


@pytest.mark.line("O-01")
def test_two_parents_who_take_turns_each_have_their_weeks(
    mother: Guardian, father: Guardian, child: Participant
) -> None:
    _request, code = an_invitation(mother, child, custody=EVEN)

    accept(code, father)

    week_28, week_29 = date(2026, 7, 6), date(2026, 7, 13)
    for guardian, own, others in ((father, week_28, week_29), (mother, week_29, week_28)):
        standing = standing_of(guardian.id, child.id)
        assert standing is not None
        assert standing.day_of_others(own, own) is None
        assert standing.day_of_others(others, others) == others


@pytest.mark.line("O-01")
def test_two_households_answer_apart_and_one_household_together(
    mother: Guardian, father: Guardian, child: Participant
) -> None:
    aunt = a_guardian(first_name="Aline")
    for guardian, address in ((mother, "1, rue Haute"), (father, "2, rue Basse")):
        guardians.answer_for_household(guardian_id=guardian.id, answers={"address": address}, at=NOON)
    _request, apart = an_invitation(mother, child)
    _request, together = an_invitation(mother, child, email="aline@example.org", same_household=True)

    accept(apart, father)
    accept(together, aunt)

    addresses = {
        guardian.first_name: guardian.household.answers["address"] if guardian.household else None
        for guardian in Guardian.objects.select_related("household")
    }
    assert addresses == {"Marie": "1, rue Haute", "Georges": "2, rue Basse", "Aline": "1, rue Haute"}


def a_claim(guardian: Guardian, child: Participant) -> LinkRequest:
    return claims.claim(
        guardian_id=guardian.id,
        participant_id=child.id,
        role="parent",
        identity=Identity(last_name="Lapointe", first_name="John", birth_date=BORN),
        actor=actor_of(guardian),
        at=NOON,
    )


def test_the_first_parent_accepts_a_claim_and_gives_no_more_than_they_have(
    mother: Guardian, father: Guardian, child: Participant
) -> None:
    Guardianship.objects.update(may_see_health=False)
    request = a_claim(father, child)

    made = claims.accept_claim(
        request_id=request.id, role="parent", rights=Rights(), actor=SYSTEM, at=NOON, decided_by=mother.id
    )

    assert (made.guardian, made.may_see_health) == (father, False)
    assert Event.objects.filter(kind="families.claim_decided").count() == 1


def test_a_claim_is_decided_once_and_not_by_strangers(mother: Guardian, father: Guardian, child: Participant) -> None:
    request = a_claim(father, child)

    for stranger in (father, a_guardian()):
        with pytest.raises(links.NotPending):
            claims.refuse_claim(request_id=request.id, actor=SYSTEM, at=NOON, decided_by=stranger.id)
    claims.refuse_claim(request_id=request.id, actor=SYSTEM, at=NOON)
    with pytest.raises(links.NotPending):
        claims.accept_claim(request_id=request.id, role="parent", rights=Rights(), actor=SYSTEM, at=NOON)
    assert queries.participants_of(father.id) == []


def test_who_asked_may_change_their_mind(father: Guardian, child: Participant) -> None:
    request = a_claim(father, child)

    claims.withdraw_claim(request_id=request.id, guardian_id=father.id, actor=SYSTEM, at=NOON)

    assert list(queries.claims_of(father.id)) == []


def test_staff_do_not_accept_who_is_blocked_before_lifting_it(father: Guardian, child: Participant) -> None:
    a_link(father, child, is_blocked=True)
    request = a_claim(father, child)

    with pytest.raises(links.Blocked):
        claims.accept_claim(request_id=request.id, role="parent", rights=Rights(), actor=SYSTEM, at=NOON)
    assert queries.open_claims().get() == request


def use(code: str, guardian: Guardian, born: date = BORN, at: Any = NOON) -> Guardianship | None:
    return letters.use_letter(code=code, birth_date=born, guardian_id=guardian.id, actor=actor_of(guardian), at=at)


def a_letter(child: Participant, **terms: Any) -> str:
    [letter] = letters.make_letters(participant_ids=[child.id], actor=SYSTEM, at=NOON, **terms)
    return letter.code


@pytest.mark.line("O-14")
def test_a_letter_and_the_birth_date_link_whoever_holds_it_once(father: Guardian, child: Participant) -> None:
    code = a_letter(child, rights=Rights(may_pay=False))

    made = use(codes.spelled(code).lower(), father)

    assert made is not None
    assert (made.participant, made.may_pay) == (child, False)
    assert use(code, a_guardian()) is None


def test_a_letter_sent_twice_by_the_same_one_is_used_once(father: Guardian, child: Participant) -> None:
    code = a_letter(child)
    made = use(code, father)

    assert made is not None
    assert use(code, father) == made
    assert use(code, father, date(2018, 1, 1)) is None
    Guardianship.objects.filter(guardian=father).update(is_blocked=True)
    assert use(code, father) is None


def test_a_new_letter_kills_the_one_before(father: Guardian, child: Participant) -> None:
    first, second = a_letter(child), a_letter(child)

    assert use(first, father) is None
    assert use(second, father) is not None


def test_a_child_without_a_birth_date_has_no_letter(mother: Guardian) -> None:
    child = a_child("Ada", of=mother)

    assert letters.make_letters(participant_ids=[child.id], actor=SYSTEM, at=NOON) == []


@pytest.mark.line("O-14")
def test_five_wrong_birth_dates_end_the_code(child: Participant) -> None:
    code = a_letter(child)
    for _number in range(5):
        assert use(code, a_guardian(), date(2018, 1, 1)) is None

    assert use(code, a_guardian()) is None


@pytest.mark.line("O-14")
def test_five_wrong_codes_stop_the_account_for_an_hour_and_no_other(father: Guardian, child: Participant) -> None:
    code = a_letter(child)
    for _number in range(5):
        assert use(codes.new(), father) is None

    with pytest.raises(letters.TooManyAttempts):
        use(code, father)
    assert use(code, father, at=NOON + timedelta(hours=1)) is not None


def test_a_letter_lasts_ninety_days(father: Guardian, child: Participant) -> None:
    code = a_letter(child)

    assert use(code, father, at=NOON + timedelta(days=90)) is None


def test_who_is_kept_away_hears_that_the_letter_is_wrong(father: Guardian, child: Participant) -> None:
    a_link(father, child, is_blocked=True)

    assert use(a_letter(child), father) is None


@pytest.mark.line("O-01")
def test_a_child_of_two_families_leaves_one_list_only(mother: Guardian, father: Guardian, child: Participant) -> None:
    a_link(father, child)
    participants.remove_participant(guardian_id=mother.id, participant_id=child.id, actor=SYSTEM, at=NOON)

    assert queries.participants_of(mother.id) == []
    assert queries.participants_of(father.id) == [child]
