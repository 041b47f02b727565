"""« Personnel » and « Bienvenue »: who invites, who comes in by a link, and who no longer does."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing import plans, subscriptions
from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.organisation import staff
from tenant_apps.organisation.models import MemberState, Role, StaffMember
from tenants.context import in_registry
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.organisation import a_staff_member, a_user, an_establishment
from tests.office.conftest import SignIn

MANAGERS = {Role.OWNER, Role.ADMINISTRATOR}
PASSWORD = "un-long-mot-de-passe-42"


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


def an_invitation(email: str = "ada@example.org", role: str = Role.FINANCE) -> StaffMember:
    return staff.invite(
        email=email, first_name="Ada", last_name="Roy", role=role, establishments=[], actor=SYSTEM, at=clock.now()
    )


def path_of(member: StaffMember) -> str:
    return re.sub(r"^https?://[^/]+", "", staff.invitation_link(member))


def sent(**more: Any) -> dict[str, Any]:
    return {"email": "ada@example.org", "first_name": "Ada", "last_name": "Roy", "role": Role.FINANCE, **more}


@pytest.fixture
def browser() -> HostClient:
    """Of somebody who has no session."""
    return HostClient("a.localhost")


PAGES = ["staff_invite", "staff_member", "staff_cancel", "staff_withdraw"]
MOVES = ["staff_invite_again", "staff_cancel", "staff_withdraw", "staff_give_back", "staff_member"]


@pytest.mark.parametrize("role", Role.values)
def test_owners_and_administrators_alone_have_the_pages(as_staff: SignIn, role: str) -> None:
    client, member = as_staff(role), a_staff_member(Role.FINANCE)
    allowed = role in MANAGERS

    for name in PAGES:
        path = url(name) if name == "staff_invite" else url(name, member.pk)
        assert client.get(path).status_code == (200 if allowed else 403), name
    if not allowed:
        for name in MOVES:
            assert client.post(url(name, member.pk), {"role": Role.OWNER}).status_code == 403, name
        assert client.post(url("staff_invite"), sent()).status_code == 403
        assert StaffMember.objects.get(pk=member.pk).role == Role.FINANCE


def test_an_invitation_goes_from_the_form_to_the_first_page(as_staff: SignIn, browser: HostClient) -> None:
    answer = as_staff(Role.OWNER).post(url("staff_invite"), sent())
    assert (answer.status_code, answer["Location"]) == (302, "/gestion/personnel")
    delivery.handle_events(at=clock.now())
    [path] = re.findall(r"/gestion/bienvenue/\S+", Message.objects.get().text)

    assert browser.get(path).status_code == 200
    assert browser.get(path).status_code == 200  # Scanners of mail open links too.
    arrived = browser.post(path, {"password1": PASSWORD, "password2": PASSWORD})

    assert (arrived.status_code, arrived["Location"]) == (302, "/gestion/")
    assert browser.get("/gestion/")["Location"].startswith("/compte/securite/second-facteur")
    member = StaffMember.objects.get(user__email="ada@example.org")
    assert (member.state, member.user.check_password(PASSWORD)) == (MemberState.ACTIVE, True)
    assert EmailAddress.objects.get(user=member.user).verified
    assert HostClient("a.localhost").get(path).status_code == 410


def test_who_wants_no_password_has_none(browser: HostClient) -> None:
    member = an_invitation()
    answer = browser.post(path_of(member), {"by_code": "1"})

    assert answer["Location"] == "/gestion/"
    assert not User.objects.get(pk=member.user_id).has_usable_password()


def test_a_password_that_will_not_do_uses_up_nothing(browser: HostClient) -> None:
    path = path_of(an_invitation())

    page = browser.post(path, {"password1": "court", "password2": "court"})
    assert page.status_code == 422
    assert browser.post(path, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302


def test_an_account_that_is_known_signs_in_before_it_gains_the_role(browser: HostClient) -> None:
    user = a_user("ada@example.org", password=PASSWORD, first_name="Ada")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    path = path_of(an_invitation())

    assert "Choisir ce mot de passe" not in browser.get(path).content.decode()
    taken = browser.post(path, {"password1": "un-autre-mot-de-passe", "password2": "un-autre-mot-de-passe"})
    assert taken["Location"] == f"/connexion?next={path.replace(':', '%3A')}"
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    assert StaffMember.objects.get().state == MemberState.INVITED

    browser.force_login(user)
    assert browser.get(path).status_code == 200
    assert browser.post(path)["Location"] == "/gestion/"
    assert StaffMember.objects.get().state == MemberState.ACTIVE


def test_somebody_elses_account_does_not_take_the_invitation(browser: HostClient) -> None:
    path = path_of(an_invitation())
    browser.force_login(a_user("mallory@example.org"))

    assert browser.post(path, {"password1": PASSWORD, "password2": PASSWORD}).status_code == 403
    assert StaffMember.objects.get().state == MemberState.INVITED


def test_every_dead_link_says_the_same(browser: HostClient) -> None:
    used, cancelled, replaced = (an_invitation(f"{name}@example.org") for name in "abc")
    paths = [path_of(member) for member in (used, cancelled, replaced)]
    browser.post(paths[0], {"by_code": "1"})
    browser.logout()
    staff.cancel(member_id=cancelled.id, actor=SYSTEM, at=clock.now())
    staff.invite_again(member_id=replaced.id, actor=SYSTEM, at=clock.now())

    answers = [HostClient("a.localhost").get(path) for path in [*paths, "/gestion/bienvenue/n-importe-quoi"]]
    assert [answer.status_code for answer in answers] == [410] * 4
    pages = [re.sub(r'(nonce|value)="[^"]*"', "", answer.content.decode()) for answer in answers]
    assert len({re.sub(r"/gestion/bienvenue/[^\"&]*", "", page) for page in pages}) == 1


def test_a_link_opens_nothing_at_another_organisation(browser: HostClient) -> None:
    assert HostClient("b.localhost").get(path_of(an_invitation())).status_code in (404, 410)


def test_an_invitation_sent_twice_is_one_and_says_so(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    client.post(url("staff_invite"), sent())
    page = client.post(url("staff_invite"), sent())

    assert page.status_code == 422
    assert page.context["form"].errors["email"] == ["Cette personne fait déjà partie du personnel."]
    assert page.context["form"]["first_name"].value() == "Ada"
    assert StaffMember.objects.filter(user__email="ada@example.org").count() == 1


def test_a_secretary_needs_a_school(as_staff: SignIn) -> None:
    school, client = an_establishment(), as_staff(Role.OWNER)

    page = client.post(url("staff_invite"), sent(role=Role.SECRETARY))
    assert list(page.context["form"].errors) == ["establishments"]
    client.post(url("staff_invite"), sent(role=Role.SECRETARY, establishments=[str(school.pk)]))
    assert list(StaffMember.objects.get(user__email="ada@example.org").establishments.all()) == [school]


def test_an_administrator_is_offered_no_owner(as_staff: SignIn) -> None:
    page = as_staff(Role.ADMINISTRATOR).post(url("staff_invite"), sent(role=Role.OWNER))

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["role"])


def test_who_is_withdrawn_is_out_at_once_and_stays_a_parent(as_staff: SignIn) -> None:
    member = a_staff_member(Role.FINANCE)
    gone = HostClient("a.localhost")
    gone.force_login(member.user, second_factor=True)
    assert gone.get("/gestion/").status_code == 200

    as_staff(Role.OWNER).post(url("staff_withdraw", member.pk))

    assert gone.get("/gestion/").status_code in (302, 403)
    gone.force_login(User.objects.get(pk=member.user_id), second_factor=True)
    assert gone.get("/gestion/").status_code == 403
    assert gone.get("/mon-dossier").status_code == 200


def test_what_was_typed_is_never_markup(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    client.post(url("staff_invite"), sent(first_name="<script>alert(1)</script>"))

    assert "<script>alert" not in client.get(url("people")).content.decode()
    member = StaffMember.objects.get(user__email="ada@example.org")
    assert "<script>alert" not in HostClient("a.localhost").get(path_of(member)).content.decode()


def test_an_invitation_that_has_run_out_is_told_apart(as_staff: SignIn) -> None:
    member = an_invitation()
    StaffMember.objects.filter(pk=member.pk).update(invited_at=clock.now() - timedelta(days=8))

    assert "Invitation expirée" in as_staff(Role.OWNER).get(url("people")).content.decode()
    assert "Ada Roy" not in as_staff(Role.FINANCE).get(url("people")).content.decode()


def test_the_plan_says_how_many_and_who_is_withdrawn_no_longer_counts(
    as_staff: SignIn, organisation_a: Organisation
) -> None:
    with in_registry():
        plans.sync()
    subscriptions.begin_trial(organisation_id=organisation_a.pk, plan="essentiel", at=clock.now())
    client, last = as_staff(Role.OWNER), a_staff_member(Role.FINANCE)
    for _ in range(13):
        a_staff_member(Role.FINANCE)

    page = client.post(url("staff_invite"), sent())
    assert (page.status_code, StaffMember.objects.count()) == (422, 15)
    client.post(url("staff_withdraw", last.pk))
    assert client.post(url("staff_invite"), sent()).status_code == 302
    client.post(url("staff_give_back", last.pk))
    assert StaffMember.objects.get(pk=last.pk).state == MemberState.WITHDRAWN


@pytest.mark.parametrize("colleagues", [1, 3])
def test_the_list_costs_the_same_for_one_and_for_three(
    as_staff: SignIn, django_assert_num_queries: DjangoAssertNumQueries, colleagues: int
) -> None:
    client, school = as_staff(Role.OWNER), an_establishment()
    for _ in range(colleagues):
        a_staff_member(Role.SECRETARY, establishments=[school])
    client.get(url("people"))
    with django_assert_num_queries(13):
        client.get(url("people"))
