"""Staff answer what families ask: who may, who reads the proofs, and what becomes of the place that was kept."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from kernel import clock
from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.vault.sealing import seal_bytes
from tenant_apps.catalog.models import Offering
from tenant_apps.entitlements import telling
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.entitlements.telling import Said
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.forms.models import Upload
from tenant_apps.office.entitlements import helpers
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import Profile, Role
from tenant_apps.privacy import dossier
from tenant_apps.registrations import support
from tenant_apps.registrations.models import Places, Registration
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.entitlements import a_grant, a_request, the_prices
from tests.factories.families import a_child, a_guardian
from tests.factories.organisation import an_establishment
from tests.factories.registrations import a_basket, a_hold
from tests.office.conftest import SignIn
from tests.portal.people import words

OFFICE = "config.urls.organisation"
DECIDES = [Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY]
CARES = [*DECIDES, Role.GROUP_LEADER]


@pytest.fixture(autouse=True)
def tables(profile: Profile, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    organisation.describe(
        rules=the_prices(
            residence={"asks_proof": True, "proof_months": 12},
            subsidies=[{"key": "loisirs", "label": {"fr": "Accès-Loisirs"}}, {"key": "b", "label": "B"}],
        )
    )


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf=OFFICE, args=args)


def a_proof(guardian: Guardian) -> Upload:
    upload = Upload(name="bail.pdf", content_type="application/pdf", size_bytes=4, given_by=guardian)
    sealed = seal_bytes(b"bail", place="forms.Upload.content", row_id=upload.id)
    upload.path = default_storage.save(f"uploads/{upload.id}", ContentFile(sealed))
    upload.save()
    return upload


def answer(client: HostClient, request: Entitlement, decision: str = "accept", **said: Any) -> Any:
    told = {"from_on": "2026-11-22", "until_on": "2027-11-21", "key": request.key, "answer": "", **said}
    return client.post(url("entitlement", request.id), {"decision": decision, **told}, follow=True)


def a_camp() -> Offering:
    today = clock.now().date()
    calendar = {"from_on": str(today - timedelta(days=1)), "until_on": str(today + timedelta(days=1)), "keep_days": 10}
    return an_offering("Camp", support=calendar, opens_at=clock.now() + timedelta(days=30))


def a_support_request(camp: Offering | None = None, *, name: str = "Ada", **columns: Any) -> Entitlement:
    guardian = a_guardian()
    [request] = support.ask(
        guardian_id=guardian.id,
        participant_id=a_child(name, of=guardian, **columns).id,
        option_ids=[an_option("Semaine 1", offering=camp or a_camp(), places=1).id],
        words="Une aide visuelle.",
        actor=SYSTEM,
        at=clock.now(),
    )
    return request


@pytest.mark.line("O-08")
@pytest.mark.parametrize("role", list(Role))
def test_only_who_answers_families_opens_requests(as_staff: SignIn, role: str) -> None:
    guardian = a_guardian()
    school = an_establishment()
    a_child(of=guardian, establishment=school)
    proof = a_proof(guardian)
    request = a_request(guardian, uploads=[str(proof.id)])
    client = as_staff(role, school)
    pages = [url("entitlements"), url("entitlement", request.id), url("entitlement_proof", request.id, proof.id)]

    assert [client.get(page).status_code for page in pages] == ([200] * 3 if role in DECIDES else [403] * 3)
    assert client.get(f"/gestion/fichiers/{proof.id}").status_code in (403, 404)
    assert client.post(url("entitlement_end", request.id)).status_code == (302 if role in DECIDES else 403)


def test_a_secretary_answers_the_families_of_her_school_alone(as_staff: SignIn) -> None:
    mine, other = an_establishment(), an_establishment()
    known, stranger = a_guardian(), a_guardian()
    a_child(of=known, establishment=mine), a_child(of=stranger, establishment=other)
    request, hidden = a_request(known), a_request(stranger)
    client = as_staff(Role.SECRETARY, mine)

    assert client.get(url("entitlement", request.id)).status_code == 200
    for name in ("entitlement", "entitlement_end", "entitlement_reopen"):
        method = client.get if name == "entitlement" else client.post
        assert method(url(name, hidden.id)).status_code == 404
    assert "1 demande" in words(client.get(url("entitlements")))


def test_the_queue_begins_with_who_has_waited_longest_and_is_narrowed(as_staff: SignIn) -> None:
    guardian, other = a_guardian(last_name="Alpha"), a_guardian(last_name="Zeta")
    a_request(guardian, asked_at=clock.now() - timedelta(days=1))
    a_request(other, Kind.SUBSIDY, key="loisirs", asked_at=clock.now() - timedelta(days=2))
    a_request(guardian, Kind.INCOME, status=Status.REFUSED, decided_at=clock.now())
    client = as_staff(Role.ADMINISTRATOR)

    page = words(client.get(url("entitlements")))
    assert page.index("Aide financière : Accès-Loisirs") < page.index("Alpha Marie")
    assert "2 demandes" in page
    assert "1 demande" in words(client.get(url("entitlements") + "?kind=subsidy"))
    assert "1 demande" in words(client.get(url("entitlements") + "?q=alph"))
    assert "Refusée" in words(client.get(url("entitlements") + "?status=refused"))
    assert "2 demandes de familles attendent une réponse" in words(client.get(url("home")))


@pytest.mark.line("O-08")
def test_each_reading_of_a_proof_is_kept_with_who_and_when(as_staff: SignIn) -> None:
    guardian = a_guardian()
    proof = a_proof(guardian)
    request = a_request(guardian, uploads=[str(proof.id)])
    client = as_staff(Role.ADMINISTRATOR)
    client.get(url("entitlement", request.id))
    assert not Entry.objects.filter(action="entitlements.proof_read").exists()

    found = client.get(url("entitlement_proof", request.id, proof.id))

    assert (found.content, found["Cache-Control"]) == (b"bail", "private, no-store")
    [read] = Entry.objects.filter(action="entitlements.proof_read")
    assert (read.subject_id, read.details) == (request.id, {"kind": "residence", "upload": str(proof.id)})
    assert read.actor_label != ""
    assert "Document consulté" in words(client.get(url("entitlement", request.id)))
    other = a_proof(a_guardian())
    assert client.get(url("entitlement_proof", request.id, other.id)).status_code == 404


@pytest.mark.line("O-08")
def test_accepted_it_holds_by_default_as_long_as_the_organisation_says(as_staff: SignIn) -> None:
    request = a_request(a_guardian())
    client = as_staff(Role.ADMINISTRATOR)
    shown = client.get(url("entitlement", request.id)).context["form"].initial

    page = words(answer(client, request))

    assert "La demande est acceptée" in page
    request.refresh_from_db()
    assert (request.status, request.key) == (Status.GRANTED, "resident")
    assert (request.valid_from_on, request.valid_until_on) == (date(2026, 11, 22), date(2027, 11, 21))
    assert (shown["until_on"] - shown["from_on"]).days in (364, 365)


def test_a_refusal_needs_a_reason_and_nothing_else(as_staff: SignIn) -> None:
    request = a_request(a_guardian())
    client = as_staff(Role.ADMINISTRATOR)

    told = words(answer(client, request, "refuse", from_on="", key="x"))
    assert "Dites à la famille pourquoi la demande est refusée." in told
    request.refresh_from_db()
    assert request.status == Status.ASKED

    answer(client, request, "refuse", from_on="", key="x", answer="Le bail est au nom d’une autre personne.")
    request.refresh_from_db()
    assert (request.status, telling.said(request).answer) == (
        Status.REFUSED,
        "Le bail est au nom d’une autre personne.",
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"until_on": "2026-11-21"}, "La fin ne peut pas venir avant le début."),
        ({"from_on": "demain"}, "Saisissez une date valide"),
        ({"until_on": "9999-12-31"}, ""),
        ({"key": "nothing"}, "Sélectionnez un choix valide"),
    ],
)
def test_days_and_choices_that_make_no_sense_are_told_and_change_nothing(
    as_staff: SignIn, said: dict[str, str], told: str
) -> None:
    request = a_request(a_guardian())

    assert told in words(answer(as_staff(Role.ADMINISTRATOR), request, **said))
    request.refresh_from_db()
    assert request.status == Status.ASKED


def test_who_answers_second_is_told_that_it_was_answered(as_staff: SignIn) -> None:
    request = a_request(a_guardian())
    answer(as_staff(Role.ADMINISTRATOR), request)

    told = words(answer(as_staff(Role.OWNER), request, "refuse", answer="Non."))

    assert "Cette demande a changé entre-temps : Acceptée" in told
    request.refresh_from_db()
    assert request.status == Status.GRANTED


def test_children_asked_for_together_are_answered_together_or_one_by_one(as_staff: SignIn) -> None:
    guardian = a_guardian()
    asked = [a_request(guardian, Kind.SUBSIDY, participant=a_child(name, of=guardian)) for name in ("Ada", "Bo", "Cy")]
    client = as_staff(Role.ADMINISTRATOR)
    assert "Répondre aussi pour : Lapointe Bo, Lapointe Cy" in words(client.get(url("entitlement", asked[0].id)))

    answer(client, asked[2], key="loisirs")
    answer(client, asked[0], key="b", together="on")

    found = [(request.status, request.key) for request in Entitlement.objects.order_by("id")]
    assert found == [("granted", "b"), ("granted", "b"), ("granted", "loisirs")]


def test_what_holds_is_ended_early_and_a_decision_taken_back(as_staff: SignIn) -> None:
    request = a_grant(a_guardian(), until=date(2030, 1, 1))
    client = as_staff(Role.ADMINISTRATOR)
    today = clock.now().date()

    assert "C’est écourté" in words(client.post(url("entitlement_end", request.id), {"until_on": today}, follow=True))
    request.refresh_from_db()
    assert request.valid_until_on == today
    assert "Écrivez le dernier jour" in words(client.post(url("entitlement_end", request.id), {}, follow=True))
    assert "de nouveau à l’étude" in words(client.post(url("entitlement_reopen", request.id), follow=True))
    request.refresh_from_db()
    assert (request.status, request.valid_until_on) == (Status.ASKED, None)


@pytest.mark.line("O-11")
def test_support_is_granted_with_a_ratio_and_the_place_goes_to_the_basket(as_staff: SignIn) -> None:
    request = a_support_request()
    client = as_staff(Role.PROGRAMME_MANAGER)
    assert "Place gardée" in words(client.get(url("entitlement", request.id)))

    told = words(answer(client, request))
    assert "Dites combien d’enfants une même personne accompagne." in told
    answer(client, request, ratio="2", until_on="")

    request.refresh_from_db()
    assert (request.status, telling.said(request).ratio) == (Status.GRANTED, 2)
    assert Registration.objects.get().basket.closed_at is None
    assert client.post(url("entitlement_reopen", request.id)).status_code == 404


@pytest.mark.line("O-11")
def test_support_refused_frees_the_place(as_staff: SignIn) -> None:
    request = a_support_request()
    answer(as_staff(Role.PROGRAMME_MANAGER), request, "refuse", answer="Pas cet été.")

    assert Places.objects.get(option_id=request.option_id).taken == 0


def test_with_no_place_left_the_clerk_is_told(as_staff: SignIn) -> None:
    request = a_support_request()
    Registration.objects.update(held_until=clock.now() - timedelta(seconds=1))
    opened = Offering.objects.get(id=request.offering_id)
    Offering.objects.filter(id=opened.id).update(opens_at=None)
    a_hold(opened.options.get(), at=clock.now())
    client = as_staff(Role.PROGRAMME_MANAGER)
    assert "Place gardée Non : le délai est passé" in words(client.get(url("entitlement", request.id)))

    assert "Il ne reste plus assez de places" in words(answer(client, request, ratio="1"))
    request.refresh_from_db()
    assert request.status == Status.ASKED


@pytest.mark.line("O-11")
def test_reading_what_is_said_of_a_child_is_told_to_the_family(as_staff: SignIn) -> None:
    request = a_support_request()
    as_staff(Role.PROGRAMME_MANAGER).get(url("entitlement", request.id))

    [reading] = dossier.health_readings(request.guardian)
    assert (reading.role, reading.reason) == ("Responsable de programmes", "Demande de soutien")


@pytest.mark.line("O-11")
@pytest.mark.parametrize("role", list(Role))
def test_helpers_are_counted_for_who_cares_for_the_children(as_staff: SignIn, role: str) -> None:
    school = an_establishment()
    camp = an_offering("Camp", establishments=[school])
    an_option("Semaine 1", offering=camp)

    found = as_staff(role, school).get(url("helpers", camp.slug))

    assert found.status_code == (200 if role in CARES else 403)


@pytest.mark.line("O-11")
@pytest.mark.parametrize(
    ("ratios", "helpers_needed"),
    [([], 0), ([1], 1), ([1, 1], 2), ([2], 1), ([2, 2], 1), ([2, 2, 2], 2), ([3, 3, 3, 3], 2), ([1, 2, 3], 3)],
)
def test_how_many_helpers_a_week_needs(ratios: list[int], helpers_needed: int) -> None:
    week = an_option(offering=an_offering())
    for number, ratio in enumerate(ratios):
        guardian = a_guardian()
        child = a_child(f"Ada {number}", of=guardian)
        granted = a_grant(guardian, Kind.SUPPORT, participant=child, offering=week.offering, option=week)
        granted.sealed = telling.seal(Said(ratio=ratio), granted)
        granted.save()
    everybody = type(a_child()).objects.all()

    [need] = helpers.needs(week.offering, everybody)

    assert need.helpers == helpers_needed


def test_a_leader_reads_of_the_children_of_the_group_alone(as_staff: SignIn) -> None:
    mine, other = an_establishment(), an_establishment()
    camp = an_offering("Camp", establishments=[mine, other])
    week = an_option("Semaine 1", offering=camp)
    for name, school in (("Ada", mine), ("Bo", other)):
        guardian = a_guardian()
        child = a_child(name, of=guardian, establishment=school)
        a_grant(guardian, Kind.SUPPORT, participant=child, offering=camp, option=week)

    page = words(as_staff(Role.GROUP_LEADER, mine).get(url("helpers", camp.slug)))

    assert ("Lapointe Ada" in page, "Lapointe Bo" in page) == (True, False)
    [read] = Entry.objects.filter(action="health.read")
    assert len(read.details["children"]) == 1


@pytest.mark.line("O-08")
@pytest.mark.parametrize("role", [Role.GROUP_LEADER, Role.FINANCE])
def test_neither_who_leads_a_group_nor_who_counts_money_reads_why_a_price_is_lower(as_staff: SignIn, role: str) -> None:
    school = an_establishment()
    guardian = a_guardian()
    child = a_child(of=guardian, establishment=school)
    a_grant(guardian, Kind.SUBSIDY, key="loisirs")
    camp = an_offering("Camp", establishments=[school])
    held = a_hold(an_option("Semaine 1", offering=camp), basket=a_basket(guardian), child=child, at=clock.now())
    steps = {"steps": [{"kind": "subsidy", "cents": -500, "values": {"label": "Accès-Loisirs", "key": "loisirs"}}]}
    Registration.objects.filter(id=held.id).update(quote=steps, status="confirmed", confirmed_at=clock.now())
    client = as_staff(role, school)

    for page in (
        url("group", camp.slug),
        url("group_csv", camp.slug),
        url("registrations"),
        url("offering", camp.slug),
    ):
        found = client.get(page)
        assert found.status_code in (200, 403)
        assert "loisirs" not in found.content.decode().lower()


def test_the_queue_takes_no_more_queries_for_three_requests_than_for_one(as_staff: SignIn) -> None:
    client = as_staff(Role.ADMINISTRATOR)
    counts = []
    for name in ("Ada", "Bo", "Cy"):
        a_support_request(name=name)
        client.get(url("entitlements"))
        with CaptureQueriesContext(connection) as queries:
            client.get(url("entitlements"))
        counts.append(len(queries))

    assert counts[0] == counts[2]


def test_a_household_is_known_by_one_of_its_children(as_staff: SignIn) -> None:
    school = an_establishment()
    guardian = a_guardian()
    child = a_child()
    type(child).objects.filter(id=child.id).update(establishment=school)
    Guardianship.objects.create(guardian=guardian, participant=child)
    request = a_request(guardian)

    assert as_staff(Role.SECRETARY, school).get(url("entitlement", request.id)).status_code == 200
