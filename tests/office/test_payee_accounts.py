"""« Comptes de paiement » at the workplace: how each stands, the way to the processor and back, and leaving it."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request

import pytest

from billing.models import ConnectedAccount
from billing.operations import refresh_account
from kernel import clock
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.organisation.models import Establishment, MemberState, Payee, Profile, Role, StaffMember
from tenants import links
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation, State, SuspendedFor
from tests.billing.accounts import WEB, require
from tests.clients import HostClient
from tests.factories.organisation import a_payee, a_staff_member, an_establishment
from tests.office.conftest import SignIn
from tests.payments.conftest import account as account
from tests.payments.conftest import running_sandbox as running_sandbox
from tests.payments.conftest import sandbox as sandbox
from tests.payments.sandbox import Sandbox

PAGE = "/gestion/reglages/comptes"


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).strip()


def finish(sandbox: Sandbox, address: str, answer: str = "finish") -> str:
    return sandbox._open(Request(address, data=urlencode({"answer": answer}).encode())).location


@pytest.fixture
def payee(account: ConnectedAccount) -> Payee:
    return a_payee("École A", processor_account=account.processor_id)


@pytest.fixture
def treasurer(as_staff: SignIn) -> HostClient:
    return as_staff(Role.FINANCE)


@pytest.mark.line("S3-10")
def test_a_payee_is_added_finished_at_the_processor_and_in_service(treasurer: HostClient, sandbox: Sandbox) -> None:
    school = an_establishment("École des Pins")
    said = {"name": "Pins", "legal_name": "École des Pins", "email": "pins@example.org", "places": [str(school.pk)]}

    answer = treasurer.post(f"{PAGE}/ajouter", said)

    assert answer.status_code == 302
    payee = Payee.objects.get()
    assert Establishment.objects.get().payee == payee
    back = finish(sandbox, answer["Location"])
    assert back == links.absolute(f"{PAGE}/{payee.pk}/retour")
    page = treasurer.get(back, follow=True)
    assert "Le compte est en service" in words(page)
    assert "Les familles paient en ligne, et l’argent vous est viré." in words(page)
    assert {entry.action for entry in Entry.objects.filter(subject="payee")} == {
        "payees.added",
        "payees.account_opened",
    }


def test_what_is_left_out_is_said_with_who_must_act(
    treasurer: HostClient, payee: Payee, account: ConnectedAccount, sandbox: Sandbox
) -> None:
    deadline = clock.now().replace(year=2030, month=1, day=5, hour=17, minute=0)
    require(sandbox, account, WEB, deadline=deadline.timestamp())

    page = treasurer.get(f"{PAGE}/{payee.pk}/retour", follow=True)

    assert "Le processeur attend encore des renseignements pour ce compte." in words(page)
    assert "À fournir avant le 5 janvier 2030" in words(page)
    assert "L’adresse du site web de l’organisme" in words(page)
    assert "Compléter chez le processeur École A" in words(page)


def test_what_the_processor_checks_asks_nothing_of_anybody(
    treasurer: HostClient, payee: Payee, account: ConnectedAccount, sandbox: Sandbox
) -> None:
    require(sandbox, account, "identity.documents", asked_of="stripe")

    page = words(treasurer.get(f"{PAGE}/{payee.pk}/retour", follow=True))

    assert "Paiements arrêtés" in page
    assert "Vous n’avez rien à faire pour cela." in page
    assert "À fournir" not in page


def test_a_link_that_was_used_leads_to_a_new_one(
    treasurer: HostClient, payee: Payee, account: ConnectedAccount, sandbox: Sandbox
) -> None:
    require(sandbox, account, WEB)
    refresh_account(processor_id=account.processor_id)
    first = treasurer.post(f"{PAGE}/{payee.pk}/completer")["Location"]
    finish(sandbox, first, "leave_due")

    again = finish(sandbox, first)
    second = treasurer.get(again)["Location"]

    assert again == links.absolute(f"{PAGE}/{payee.pk}/reprendre")
    assert second != first
    assert finish(sandbox, second) == links.absolute(f"{PAGE}/{payee.pk}/retour")


def test_an_account_is_opened_for_a_payee_that_has_none(treasurer: HostClient, sandbox: Sandbox) -> None:
    payee = a_payee("École N", processor_account="")
    assert "À ouvrir" in words(treasurer.get(PAGE))

    answer = treasurer.post(f"{PAGE}/{payee.pk}/ouvrir", {"email": "n@example.org"})

    assert "/onboarding/" in answer["Location"]
    assert treasurer.get(f"{PAGE}/{payee.pk}/ouvrir").status_code == 302
    assert "À compléter" in words(treasurer.get(PAGE))


def test_bad_answers_are_told_at_their_field(treasurer: HostClient, payee: Payee) -> None:
    none = treasurer.post(f"{PAGE}/ajouter", {})
    same = treasurer.post(f"{PAGE}/ajouter", {"name": "École A", "legal_name": "X", "email": "x@example.org"})

    assert set(none.context["form"].errors) == {"name", "legal_name", "email"}
    assert same.context["form"].errors["name"] == ["Un autre compte de paiement porte déjà ce nom."]
    assert (none.status_code, same.status_code) == (422, 422)
    assert Payee.objects.count() == 1


def test_while_the_processor_is_away_the_payee_is_kept_and_its_account_is_opened_later(
    treasurer: HostClient, sandbox: Sandbox
) -> None:
    sandbox.control("faults", {"rules": [{"kind": "status", "status": 503, "path": "^/v2/core"}]})

    answer = treasurer.post(f"{PAGE}/ajouter", {"name": "N", "legal_name": "N", "email": "n@example.org"}, follow=True)

    assert "Le processeur de paiement ne répond pas pour l’instant." in words(answer)
    assert "À ouvrir" in words(answer)


def test_an_establishment_has_one_payee(treasurer: HostClient, payee: Payee) -> None:
    other = a_payee("École B")
    mine, theirs = an_establishment("Un", payee=payee), an_establishment("Deux", payee=other)
    page = words(treasurer.get(f"{PAGE}/{payee.pk}/lieux"))
    assert "Deux (École B)" in page

    treasurer.post(f"{PAGE}/{payee.pk}/lieux", {"places": [str(theirs.pk)]})

    assert dict(Establishment.objects.values_list("name", "payee__name")) == {"Un": None, "Deux": "École A"}
    assert Entry.objects.get(action="payees.places").details["establishments"] == ["Deux"]
    assert mine.pk != theirs.pk


def test_who_disconnects_is_shown_what_it_means_first(treasurer: HostClient, payee: Payee) -> None:
    page = words(treasurer.get(f"{PAGE}/{payee.pk}/deconnecter"))
    assert "Les familles ne pourront plus payer en ligne par ce compte." in page

    done = treasurer.post(f"{PAGE}/{payee.pk}/deconnecter", follow=True)

    assert "Le compte est déconnecté." in words(done)
    assert "Ouvrir un nouveau compte" in words(done)
    assert treasurer.post(f"{PAGE}/{payee.pk}/completer", follow=True).status_code == 200


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.PROGRAMME_MANAGER, Role.GROUP_LEADER, Role.AUDITOR])
@pytest.mark.parametrize("page", ["", "/ajouter", "/{}/lieux", "/{}/deconnecter", "/{}/ouvrir", "/{}/retour"])
def test_the_accounts_are_for_who_keeps_the_money(as_staff: SignIn, role: str, page: str) -> None:
    payee = a_payee(processor_account="")

    assert as_staff(role).get(PAGE + page.format(payee.pk)).status_code == 403


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE])
def test_who_keeps_the_money_opens_them(as_staff: SignIn, role: str) -> None:
    assert as_staff(role).get(PAGE).status_code == 200


def test_another_organisation_s_payee_is_nobody_here(
    treasurer: HostClient, organisation_b: Organisation, sandbox: Sandbox
) -> None:
    with in_organisation(organisation_b):
        theirs = a_payee("B", processor_account="")

    for page in ("lieux", "deconnecter", "ouvrir", "retour", "reprendre"):
        assert treasurer.get(f"{PAGE}/{theirs.pk}/{page}").status_code == 404
    assert treasurer.post(f"{PAGE}/{theirs.pk}/completer").status_code == 404


@pytest.mark.parametrize("page", ["deconnecter", "retour", "reprendre"])
def test_a_payee_without_account_leads_back_to_the_list(treasurer: HostClient, sandbox: Sandbox, page: str) -> None:
    payee = a_payee(processor_account="")

    assert treasurer.get(f"{PAGE}/{payee.pk}/{page}")["Location"] == PAGE


def test_a_suspended_organisation_still_tells_the_processor_what_it_asks(
    treasurer: HostClient, payee: Payee, organisation_a: Organisation
) -> None:
    with in_registry():
        Organisation.objects.filter(pk=organisation_a.pk).update(
            state=State.SUSPENDED, suspended_for=SuspendedFor.UNPAID
        )

    assert "/onboarding/" in treasurer.post(f"{PAGE}/{payee.pk}/completer")["Location"]
    assert treasurer.post(f"{PAGE}/{payee.pk}/deconnecter").status_code == 503


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_as_much_for_one_payee_as_for_three(
    treasurer: HostClient, django_assert_num_queries: Any, count: int
) -> None:
    for _ in range(count):
        an_establishment(payee=a_payee())
    treasurer.get(PAGE)

    with django_assert_num_queries(10):
        treasurer.get(PAGE)


def test_owners_and_who_keeps_the_money_are_written_to_once(
    payee: Payee, account: ConnectedAccount, sandbox: Sandbox, profile: Profile
) -> None:
    told = [a_staff_member(role).user.email for role in (Role.OWNER, Role.FINANCE, Role.SECRETARY)][:2]
    for state in (MemberState.WITHDRAWN, MemberState.INVITED):
        elsewhere = a_staff_member(Role.OWNER)
        StaffMember.objects.filter(pk=elsewhere.pk).update(state=state)
    require(sandbox, account, WEB)
    delivery.handle_events(at=clock.now())
    Message.objects.all().delete()

    for _ in range(2):
        refresh_account(processor_id=account.processor_id)
        delivery.handle_events(at=clock.now())

    letters = Message.objects.order_by("recipient")
    assert [(each.recipient, each.subject) for each in letters] == [
        (email, "Paiements en ligne arrêtés\u202f: École A") for email in sorted(told)
    ]
    assert "L’adresse du site web de l’organisme" in letters[0].text
    assert links.absolute(PAGE) in letters[0].text


def test_the_deadline_is_written_with_the_days_that_are_left(
    payee: Payee, account: ConnectedAccount, sandbox: Sandbox
) -> None:
    a_staff_member(Role.OWNER)
    now = clock.now()
    require(sandbox, account, WEB, deadline=(now + timedelta(days=10)).timestamp())
    refresh_account(processor_id=account.processor_id, at=now)
    refresh_account(processor_id=account.processor_id, at=now + timedelta(days=8, minutes=5))

    delivery.handle_events(at=now + timedelta(days=9))

    subjects = list(Message.objects.order_by("id").values_list("subject", flat=True))
    assert subjects[-1] == "Plus que 2 jours pour compléter le compte\u202f: École A"
