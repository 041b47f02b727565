"""« Réglages, Domaines »: a name is added, its lines are shown, the DNS is asked, and links are put on it."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from billing import plans, subscriptions
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox import operations as outbox
from shared_apps.outbox.models import Message
from tenant_apps.organisation.models import Role
from tenants.context import in_organisation, in_registry
from tenants.domains import checking, operations
from tenants.models import Domain, DomainState, Organisation
from tests.clients import HostClient
from tests.factories.organisation import a_staff_member
from tests.names import Zone
from tests.office.conftest import SignIn

NAME = "activites.ville.example"
LIST = "/gestion/reglages/domaines"
PAGE = f"{LIST}/{NAME}"


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


def now() -> datetime:
    return timezone.now()


def a_claim(name: str = NAME) -> Domain:
    return operations.add(name=name, limit=lambda used: None, actor=SYSTEM, at=now())


def a_name_in_service(name: str = NAME) -> Domain:
    domain = a_claim(name)
    with in_registry():
        Domain.objects.filter(pk=domain.pk).update(state=DomainState.VERIFIED, verified_at=now())
    return domain


def test_names_are_for_those_who_answer_for_the_organisation(as_staff: SignIn) -> None:
    a_claim()

    for page in (LIST, PAGE, f"{PAGE}/retirer", f"{LIST}/a.localhost/principal"):
        opened = [role for role in Role if as_staff(role).get(page).status_code == 200]
        assert (page, opened) == (page, [Role.OWNER, Role.ADMINISTRATOR])


def test_a_name_is_added_and_its_lines_are_shown(as_staff: SignIn) -> None:
    owner = as_staff("owner")

    answer = owner.post(LIST, {"name": "https://Activites.Ville.example/"})

    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    shown = owner.get(PAGE).content.decode()
    domain = Domain.objects.get(domain=NAME)
    for expected in (
        NAME,
        "CNAME",
        "a.localhost.",
        f"_preau.{NAME}",
        f"preau-verification={domain.proof}",
        f"{NAME}.  CNAME  a.localhost.\n_preau.{NAME}.  TXT  preau-verification={domain.proof}",
    ):
        assert expected in shown
    assert Entry.objects.get(action="domains.added").actor_kind == "staff"


def test_the_top_of_a_domain_is_given_addresses(as_staff: SignIn, zone: Zone) -> None:
    a_claim("ville.example")

    shown = as_staff("owner").get(f"{LIST}/ville.example").content.decode()

    assert "127.0.0.1" in shown
    assert "a.localhost." not in shown


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "Ce champ est obligatoire."),
        ("ville", "Écrivez un nom de domaine seul"),
        ("ville.example:8000/activites", "Écrivez un nom de domaine seul"),
        ("localhost", "Écrivez un nom de domaine seul"),
        ("x" * 400, "caractères"),
    ],
)
def test_what_is_no_name_is_told_at_the_field_and_kept(said: str, told: str, as_staff: SignIn) -> None:
    answer = as_staff("owner").post(LIST, {"name": said})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert f'value="{said}"' in page or not said
    assert not Domain.objects.filter(is_own=True).exists()


def test_a_plan_that_comprises_one_name_says_so_at_the_second(as_staff: SignIn, organisation_a: Organisation) -> None:
    plans.sync()
    subscriptions.begin_trial(organisation_id=organisation_a.pk, plan="essentiel", at=now())
    owner = as_staff("owner")
    assert owner.post(LIST, {"name": NAME}).status_code == 302

    answer = owner.post(LIST, {"name": f"b.{NAME}"})

    assert answer.status_code == 422
    assert "changez de forfait" in answer.content.decode()
    assert Domain.objects.filter(is_own=True).count() == 1


def test_what_the_dns_says_appears_by_itself(as_staff: SignIn, zone: Zone) -> None:
    owner, domain = as_staff("owner"), a_claim()
    assert 'hx-trigger="every 3s"' in owner.get(PAGE).content.decode()
    zone.put({NAME: {"CNAME": ["www.ville.example."]}})
    owner.post(f"{PAGE}/verifier")

    with in_registry():
        checking.check_those_due(at=now())
    assert "Ce nom mène ailleurs\u202f: www.ville.example." in owner.get(PAGE).content.decode()

    zone.lead(NAME, "a", domain.proof)
    with in_registry():
        Domain.objects.filter(pk=domain.pk).update(check_at=now())
        checking.check_those_due(at=now())
    shown = owner.get(PAGE).content.decode()
    assert "Tout est en ordre" in shown
    assert "hx-trigger" not in shown
    assert f'href="{PAGE}/principal"' in shown


def test_asking_twice_in_a_row_is_refused_with_words(as_staff: SignIn, zone: Zone) -> None:
    owner = as_staff("owner")
    a_claim()
    owner.post(f"{PAGE}/verifier")
    with in_registry():
        checking.check_those_due(at=now())

    assert "vient d’être vérifié" in owner.post(f"{PAGE}/verifier", follow=True).content.decode()


@pytest.mark.line("S1-01")
def test_a_name_is_made_primary_and_links_follow(as_staff: SignIn) -> None:
    owner = as_staff("owner")
    a_name_in_service()
    before = owner.get(f"{PAGE}/principal")
    assert "connecte de nouveau" in before.content.decode()
    assert "form-action 'self' " in before["Content-Security-Policy"]
    assert f"http://{NAME}:8000" in before["Content-Security-Policy"]
    assert f"http://{NAME}:8000" not in owner.get(LIST)["Content-Security-Policy"]

    answer = owner.post(f"{PAGE}/principal")

    assert (answer.status_code, answer["Location"]) == (302, f"http://{NAME}:8000{LIST}")
    moved = owner.get("/activites?etablissement=dome")
    assert (moved.status_code, moved["Location"]) == (308, f"http://{NAME}:8000/activites?etablissement=dome")
    assert moved["Cache-Control"] == "no-store"
    assert HostClient(NAME).get(LIST).status_code == 302


def test_a_claim_is_not_made_primary(as_staff: SignIn) -> None:
    owner = as_staff("owner")
    a_claim()

    assert "n’est pas vérifié" in owner.post(f"{PAGE}/principal", follow=True).content.decode()
    assert Domain.objects.get(is_primary=True).domain == "a.localhost"


def test_what_does_not_follow_to_another_name_is_told_before(as_staff: SignIn) -> None:
    owner = as_staff("owner")
    a_name_in_service()
    SocialApp.objects.create(provider="openid_connect", provider_id="portail", name="Portail", settings={})
    for member in (a_staff_member(), a_staff_member()):
        Authenticator.objects.create(user=member.user, type=Authenticator.Type.WEBAUTHN, data={})
    Authenticator.objects.create(user=member.user, type=Authenticator.Type.TOTP, data={})

    shown = owner.get(f"{PAGE}/principal").content.decode()

    assert "1 personne du personnel n’a qu’une clé d’accès" in shown
    assert "2 comptes ont une clé d’accès" in shown
    assert "Chez Portail" in shown


def test_a_name_is_removed_and_the_platforms_address_stays(as_staff: SignIn) -> None:
    owner = as_staff("owner")
    a_name_in_service()

    answer = owner.post(f"{PAGE}/retirer")

    assert answer["Location"] == f"http://a.localhost:8000{LIST}"
    assert list(Domain.objects.values_list("domain", flat=True)) == ["a.localhost"]
    for path in (f"{LIST}/a.localhost", f"{LIST}/a.localhost/retirer", PAGE, f"{LIST}/nobody.example/principal"):
        assert (path, owner.get(path).status_code) == (path, 404)


def test_another_organisations_names_are_not_there(as_staff: SignIn, organisation_b: Organisation) -> None:
    owner = as_staff("owner")
    with in_organisation(organisation_b):
        a_name_in_service()

    for path in (PAGE, f"{PAGE}/principal", f"{PAGE}/retirer", f"{LIST}/b.localhost/principal"):
        assert (path, owner.get(path).status_code, owner.post(path).status_code) in [
            (path, 404, 404),
            (PAGE, 404, 405),
        ]
    assert NAME not in owner.get(LIST).content.decode()


def test_an_old_session_is_asked_who_it_is(as_staff: SignIn, settings: object) -> None:
    owner = as_staff("owner")
    session = owner.session
    session["confirmed_at"] = now().timestamp() - 16 * 60
    session.save()

    answer = owner.post(LIST, {"name": NAME})

    assert answer.status_code == 302
    assert not Domain.objects.filter(domain=NAME).exists()


def test_the_list_costs_the_same_whatever_it_holds(
    as_staff: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = as_staff("owner")
    for number in (1, 3):
        while Domain.objects.filter(is_own=True).count() < number:
            a_name_in_service(f"a{Domain.objects.count()}.ville.example")
        owner.get(LIST)
        with django_assert_num_queries(11):
            owner.get(LIST)


@pytest.mark.parametrize(
    ("said", "subject"),
    [("verified", "est vérifié"), ("broken", "ne mène plus à votre site"), ("lost", "sert maintenant une autre")],
)
def test_owners_are_written_what_became_of_a_name(said: str, subject: str) -> None:
    owner, other = a_staff_member("owner"), a_staff_member("administrator")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    for _ in range(2):
        outbox.tell(kind=f"domains.{said}", payload={"domain": NAME, "at": at.isoformat()}, at=at)
    delivery.handle_events(at=at)

    [message] = Message.objects.filter(recipient__in=[owner.user.email, other.user.email])
    assert message.recipient == owner.user.email
    assert message.subject == f"{NAME} {message.subject.removeprefix(NAME).strip()}"
    assert subject in message.subject
    assert f"http://a.localhost:8000{PAGE}" in message.text
    assert mail.outbox == []
