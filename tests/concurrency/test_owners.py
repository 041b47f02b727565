"""Two owners who unmake each other at the same instant: one of them stays."""

import pytest

from shared_apps.audit.actors import Actor
from tenant_apps.organisation import authority, members, staff
from tenant_apps.organisation.models import MemberState, Role, StaffMember
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.moments import NOON
from tests.factories.organisation import a_staff_member, a_user, an_organisation_profile


@pytest.fixture
def owners(transactional_db: None, organisation_a: Organisation) -> list[StaffMember]:
    an_organisation_profile()
    return [a_staff_member(Role.OWNER), a_staff_member(Role.OWNER)]


def owners_left(
    organisation: Organisation, owners: list[StaffMember], *, is_held: bool = False
) -> tuple[int, list[BaseException]]:
    one, other = owners

    def unmake(pair: tuple[StaffMember, StaffMember]) -> None:
        actor = Actor(kind="staff", user_id=pair[0].user_id, label="")
        members.withdraw(member_id=pair[1].id, actor=actor, at=NOON)

    raised = rush(organisation, [(one, other), (other, one)], unmake, is_held=is_held)
    return StaffMember.objects.filter(role=Role.OWNER, state=MemberState.ACTIVE).count(), list(raised)


def test_one_owner_stays(organisation_a: Organisation, owners: list[StaffMember]) -> None:
    left, raised = owners_left(organisation_a, owners)

    assert left == 1
    assert [type(error) for error in raised] == [authority.NotYours]


def test_without_the_lock_none_would_stay(
    organisation_a: Organisation, owners: list[StaffMember], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authority, "lock", list)
    monkeypatch.setattr(members, "lock_one", lambda rows: rows.get())

    assert owners_left(organisation_a, owners, is_held=True)[0] == 0


def test_a_link_that_is_followed_twice_at_once_is_accepted_once(
    transactional_db: None, organisation_a: Organisation
) -> None:
    an_organisation_profile()
    asked = StaffMember.objects.create(
        user=a_user("ada@example.org"),
        role=Role.FINANCE,
        state=MemberState.INVITED,
        invited_at=NOON,
    )

    raised = rush(organisation_a, [1, 2, 3], lambda _rival: staff.accept(member_id=asked.id, invited_at=NOON, at=NOON))
    assert [type(error) for error in raised] == [staff.InvitationOver] * 2
