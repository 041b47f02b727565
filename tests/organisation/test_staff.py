"""Who works here: invited by a link that is good once, and made or unmade by who may."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress

from shared_apps.accounts import invited
from shared_apps.accounts.models import User
from shared_apps.audit.actors import GUEST, SYSTEM, Actor
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.organisation import authority, members, queries, staff
from tenant_apps.organisation.models import MemberState, Role, StaffMember
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.factories.organisation import a_staff_member, a_user, an_establishment, an_organisation_profile

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("organisation_a")


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


def actor_of(member: StaffMember) -> Actor:
    return Actor(kind="staff", user_id=member.user_id, label=str(member.user))


def an_invitation(role: str = Role.SECRETARY, *, email: str = "ada@example.org", at: datetime = NOON) -> StaffMember:
    return staff.invite(
        email=email, first_name="Ada", last_name="Roy", role=role, establishments=[], actor=SYSTEM, at=at
    )


def token_of(member: StaffMember) -> str:
    return staff.invitation_link(member).rsplit("/", 1)[1]


def test_the_link_of_an_invitation_says_who_is_asked() -> None:
    member = an_invitation()

    assert staff.invited_by(token_of(member), at=NOON) == member
    assert "://a.localhost" in staff.invitation_link(member) and "/gestion/bienvenue/" in staff.invitation_link(member)


def test_who_is_invited_has_no_right_before_they_come() -> None:
    member = an_invitation()
    assert queries.staff_member_of(User.objects.get(pk=member.user_id)) is None

    staff.accept(member_id=member.id, invited_at=NOON, at=NOON)
    assert queries.staff_member_of(User.objects.get(pk=member.user_id)) == member


def test_a_link_is_good_once() -> None:
    member = an_invitation()
    staff.accept(member_id=member.id, invited_at=NOON, at=NOON)

    with pytest.raises(staff.InvitationOver):
        staff.invited_by(token_of(member), at=NOON)
    with pytest.raises(staff.InvitationOver):
        staff.accept(member_id=member.id, invited_at=NOON, at=NOON)


def test_a_link_ends_after_seven_days_to_the_instant() -> None:
    member = an_invitation()
    end = NOON + timedelta(days=7)

    assert staff.invited_by(token_of(member), at=end - timedelta(microseconds=1)) == member
    with pytest.raises(staff.InvitationOver):
        staff.invited_by(token_of(member), at=end)
    with pytest.raises(staff.InvitationOver):
        staff.accept(member_id=member.id, invited_at=NOON, at=end)


def test_a_new_link_kills_the_one_before_it() -> None:
    member = an_invitation()
    first = token_of(member)
    again = staff.invite_again(member_id=member.id, actor=SYSTEM, at=NOON + timedelta(microseconds=1))

    assert staff.invited_by(token_of(again), at=NOON + timedelta(days=1)) == member
    with pytest.raises(staff.InvitationOver):
        staff.invited_by(first, at=NOON + timedelta(days=1))
    with pytest.raises(staff.InvitationOver):
        staff.accept(member_id=member.id, invited_at=NOON, at=NOON)


def test_a_cancelled_invitation_leaves_nothing_but_its_trace() -> None:
    member = an_invitation()
    staff.cancel(member_id=member.id, actor=SYSTEM, at=NOON)

    with pytest.raises(staff.InvitationOver):
        staff.invited_by(token_of(member), at=NOON)
    assert not StaffMember.objects.filter(user=member.user_id).exists()
    assert Entry.objects.get(action="staff.invitation_cancelled").details == {"name": "Ada Roy", "role": "secretary"}


def test_a_link_of_another_organisation_is_good_for_nothing(organisation_b: Organisation) -> None:
    member = an_invitation()
    token = token_of(member)
    with in_organisation(organisation_b):
        user = a_user("ada@example.org")
        StaffMember.objects.create(
            id=member.id, user=user, role=Role.OWNER, state=MemberState.INVITED, invited_at=member.invited_at
        )
        with pytest.raises(staff.InvitationOver):
            staff.invited_by(token, at=NOON)


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00", "é" * 300])
def test_what_is_no_link_is_no_invitation(token: str) -> None:
    with pytest.raises(staff.InvitationOver):
        staff.invited_by(token, at=NOON)


def test_an_account_that_is_known_keeps_its_names_and_gains_the_role() -> None:
    user = a_user("ada@example.org", first_name="Adélaïde", last_name="Roy-Dubé")
    member = an_invitation(email=" ADA@example.org")

    assert (member.user, str(member.user)) == (user, "Adélaïde Roy-Dubé")
    assert User.objects.count() == 1


def test_who_works_here_is_not_invited_twice() -> None:
    an_invitation()
    with pytest.raises(staff.AlreadyHere):
        an_invitation()


def test_a_closed_account_is_opened_first() -> None:
    user = a_user("ada@example.org", is_active=False)
    with pytest.raises(staff.AccountClosed):
        an_invitation()
    assert not StaffMember.objects.filter(user=user).exists()


def test_a_password_that_was_laid_before_the_proof_opens_nothing() -> None:
    """Somebody who knew that Ada would be invited had made an account with her address."""
    user = a_user("ada@example.org", password="laid-in-wait-1234")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    invited.open_account(user=user, password="", at=NOON)

    user.refresh_from_db()
    assert (user.has_usable_password(), invited.has_proved_address(user)) == (False, True)


def test_the_mail_carries_the_last_link_and_only_while_it_is_good() -> None:
    member = an_invitation()
    again = staff.invite_again(member_id=member.id, actor=SYSTEM, at=NOON + timedelta(minutes=1))
    delivery.handle_events(at=NOON + timedelta(hours=1))

    [message] = Message.objects.filter(recipient="ada@example.org")
    assert re.search(r"/gestion/bienvenue/\S+", message.text)
    assert token_of(again) in message.text


def test_an_invitation_that_was_cancelled_meanwhile_is_not_sent() -> None:
    member = an_invitation()
    staff.cancel(member_id=member.id, actor=SYSTEM, at=NOON)
    delivery.handle_events(at=NOON + timedelta(hours=1))

    assert Message.objects.count() == 0


# Who may do what to whom ---------------------------------------------------------------------------------------------
MANAGERS = {Role.OWNER, Role.ADMINISTRATOR}
ACTIONS: dict[str, Callable[[Actor, StaffMember], object]] = {
    "invite": lambda actor, _other: staff.invite(
        email="new@example.org", first_name="", last_name="", role=Role.AUDITOR, establishments=[], actor=actor, at=NOON
    ),
    "change": lambda actor, other: members.change(
        member_id=other.id, role=Role.AUDITOR, establishments=[], actor=actor, at=NOON
    ),
    "withdraw": lambda actor, other: members.withdraw(member_id=other.id, actor=actor, at=NOON),
    "give back": lambda actor, other: members.give_back(member_id=other.id, actor=actor, at=NOON),
}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", Role.values)
def test_owners_and_administrators_alone_manage_the_staff(role: str, action: str) -> None:
    colleague, other = a_staff_member(role), a_staff_member(Role.FINANCE)
    if role in MANAGERS:
        ACTIONS[action](actor_of(colleague), other)
        return
    with pytest.raises(authority.NotYours):
        ACTIONS[action](actor_of(colleague), other)


@pytest.mark.parametrize("action", ["change", "withdraw", "give back"])
def test_an_administrator_touches_no_owner(action: str) -> None:
    a_staff_member(Role.OWNER)
    with pytest.raises(authority.OwnersOnly):
        ACTIONS[action](actor_of(a_staff_member(Role.ADMINISTRATOR)), a_staff_member(Role.OWNER))


def test_an_administrator_makes_no_owner() -> None:
    actor, other = actor_of(a_staff_member(Role.ADMINISTRATOR)), a_staff_member(Role.FINANCE)
    with pytest.raises(authority.OwnersOnly):
        members.change(member_id=other.id, role=Role.OWNER, establishments=[], actor=actor, at=NOON)
    with pytest.raises(authority.OwnersOnly):
        staff.invite(
            email="n@example.org",
            first_name="",
            last_name="",
            role=Role.OWNER,
            establishments=[],
            actor=actor,
            at=NOON,
        )


@pytest.mark.parametrize("action", ["change", "withdraw", "give back"])
@pytest.mark.parametrize("role", sorted(MANAGERS))
def test_nobody_changes_their_own_role(role: str, action: str) -> None:
    a_staff_member(Role.OWNER)
    own = a_staff_member(role)
    with pytest.raises(authority.NotOneself):
        ACTIONS[action](actor_of(own), own)


@pytest.mark.parametrize("action", ["change", "withdraw"])
def test_the_last_owner_stays_whoever_asks(action: str) -> None:
    owner = a_staff_member(Role.OWNER)
    an_invitation(Role.OWNER)  # Who has not come yet owns nothing.
    with pytest.raises(authority.LastOwner):
        ACTIONS[action](SYSTEM, owner)


def test_a_guest_does_nothing_here() -> None:
    with pytest.raises(authority.NotYours):
        members.withdraw(member_id=a_staff_member(Role.FINANCE).id, actor=GUEST, at=NOON)


@pytest.mark.parametrize("state", [MemberState.WITHDRAWN, MemberState.INVITED])
def test_who_no_longer_works_here_manages_nobody(state: str) -> None:
    a_staff_member(Role.OWNER)
    gone = a_staff_member(Role.OWNER)
    StaffMember.objects.filter(pk=gone.pk).update(state=state)
    with pytest.raises(authority.NotYours):
        members.withdraw(member_id=a_staff_member(Role.FINANCE).id, actor=actor_of(gone), at=NOON)


def test_who_is_withdrawn_has_no_right_and_may_be_given_back() -> None:
    owner, member = a_staff_member(Role.OWNER), a_staff_member(Role.FINANCE)
    members.withdraw(member_id=member.id, actor=actor_of(owner), at=NOON)
    assert queries.staff_member_of(User.objects.get(pk=member.user_id)) is None

    members.give_back(member_id=member.id, actor=actor_of(owner), at=NOON)
    assert queries.staff_member_of(User.objects.get(pk=member.user_id)) == member
    assert [entry.action for entry in Entry.objects.order_by("at", "id")] == ["staff.withdrawn", "staff.given_back"]


def test_only_the_person_accepts_an_invitation() -> None:
    member = an_invitation()
    with pytest.raises(authority.NotYours):
        members.give_back(member_id=member.id, actor=SYSTEM, at=NOON)


def test_places_go_with_the_roles_that_have_them() -> None:
    school = an_establishment()
    member = a_staff_member(Role.SECRETARY, establishments=[school])
    members.change(member_id=member.id, role=Role.FINANCE, establishments=[school], actor=SYSTEM, at=NOON)

    assert list(member.establishments.all()) == []
    assert Entry.objects.get(action="staff.changed").details["changes"] == {
        "role": ["secretary", "finance"],
        "establishments": [[school.name], []],
    }
