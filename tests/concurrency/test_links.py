"""One code, many who hold it: one of them is linked."""

import pytest

from tenant_apps.families.models import Guardian, Guardianship, LinkRequest, Participant
from tenant_apps.families.operations import invitations, letters
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.families.links import BORN, actor_of, an_invitation

RIVALS = 6


@pytest.fixture
def child(transactional_db: None, organisation_a: Organisation) -> Participant:
    return a_child("John", of=a_guardian(), birth_date=BORN)


def accepted_by_many(organisation: Organisation, child: Participant) -> int:
    """How many became responsible beside the first."""
    mother = Guardianship.objects.get().guardian
    _request, code = an_invitation(mother, child)

    def accept(rival: Guardian) -> None:
        invitations.accept(code=code, guardian_id=rival.id, actor=actor_of(rival), at=NOON)

    raised = rush(organisation, [a_guardian() for _number in range(RIVALS)], accept)
    assert all(isinstance(error, invitations.NoSuchInvitation) for error in raised)
    return Guardianship.objects.count() - 1


def test_an_invitation_that_many_accept_at_once_links_one(organisation_a: Organisation, child: Participant) -> None:
    assert accepted_by_many(organisation_a, child) == 1


def test_without_its_condition_it_would_link_several(
    organisation_a: Organisation, child: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def move(request_id: object, status: str, at: object, **columns: object) -> bool:
        return LinkRequest.objects.filter(id=request_id).update(status=status, decided_at=at, **columns) == 1

    monkeypatch.setattr(invitations, "_move", move)

    assert accepted_by_many(organisation_a, child) > 1


def test_a_letter_guessed_many_times_at_once_is_tried_five_times(
    organisation_a: Organisation, child: Participant
) -> None:
    [letter] = letters.make_letters(participant_ids=[child.id], actor=actor_of(a_guardian()), at=NOON)

    def guess(rival: Guardian) -> None:
        wrong = BORN.replace(year=2015)
        letters.use_letter(code=letter.code, birth_date=wrong, guardian_id=rival.id, actor=actor_of(rival), at=NOON)

    raised = rush(organisation_a, [a_guardian() for _number in range(RIVALS + 2)], guess)

    assert raised == []
    assert LinkRequest.objects.get().attempts == letters.MOST_ATTEMPTS
