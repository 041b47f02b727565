"""« Preuves et demandes »: a family asks on a phone, follows its requests, and nobody else sees them."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from kernel import clock
from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering
from tenant_apps.entitlements import telling
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.entitlements.operations import deciding
from tenant_apps.entitlements.operations.deciding import Granted
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.forms.models import Upload
from tenant_apps.organisation import operations as organisation
from tenant_apps.registrations import support
from tenant_apps.registrations.models import Places, Registration
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.entitlements import a_grant, a_request, the_prices
from tests.factories.families import a_child
from tests.factories.forms import a_consent
from tests.portal.people import Parent, a_parent, words

LIST = "/mon-dossier/preuves"
RESIDENCE, SUBSIDY = f"{LIST}/residence", f"{LIST}/aide-financiere"
YES = {"autorisation-decision": "yes", "autorisation-signed_name": "Marie Lapointe"}
SUBSIDIES = [{"key": "loisirs", "label": {"fr": "Accès-Loisirs", "en": "Leisure access"}}, {"key": "b", "label": "B"}]


@pytest.fixture(autouse=True)
def tables(profile: None, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    organisation.describe(
        rules=the_prices(
            residence={"asks_proof": True, "postal_codes": ["J0X*"]},
            income_bands=[{"key": "low", "label": "Moins de 30 000 $"}],
            subsidies=SUBSIDIES,
        )
    )


@pytest.fixture
def child(parent: Parent) -> Participant:
    return a_child(of=parent.guardian)


def a_photo(name: str = "bail.jpg") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/jpeg")


def a_camp(**columns: Any) -> Offering:
    today = clock.now().date()
    calendar = {"from_on": str(today - timedelta(days=3)), "until_on": str(today + timedelta(days=3)), "keep_days": 10}
    return an_offering("Camp d’été", **{"support": calendar, "opens_at": clock.now() + timedelta(days=30), **columns})


def send(client: HostClient, url: str, **said: Any) -> Any:
    return client.post(url, {"people": ["famille"], "proof": a_photo(), **said})


def test_what_is_over_is_no_longer_asked_for(parent: Parent, child: Participant) -> None:
    today = clock.now().date()
    days = {"starts_on": today - timedelta(days=4), "ends_on": today - timedelta(days=3)}
    an_offering("Camp passé", requirements=[{"kind": "approval"}], **days)
    an_offering("Camp à venir", requirements=[{"kind": "approval"}])

    page = words(parent.client.get(LIST))

    assert ("Camp passé" in page, "Camp à venir" in page) == (False, True)


@pytest.mark.line("O-08")
def test_the_list_says_what_may_be_asked_and_leads_there(parent: Parent) -> None:
    page = words(parent.client.get(LIST))

    for title in ("Prouver ma résidence", "Prouver mon revenu", "Demander une aide financière"):
        assert title in page
    for url in (RESIDENCE, SUBSIDY, f"{LIST}/revenu"):
        assert parent.client.get(url).status_code == 200


def test_nothing_is_to_be_asked_of_an_organisation_that_asks_for_nothing(parent: Parent) -> None:
    organisation.describe(rules={})

    assert "Rien n’est à demander en ce moment." in words(parent.client.get(LIST))
    for url in (RESIDENCE, SUBSIDY, f"{LIST}/revenu"):
        assert parent.client.get(url).status_code == 404


@pytest.mark.line("O-08")
def test_a_photo_of_the_lease_proves_where_the_family_lives(parent: Parent) -> None:
    answer = send(parent.client, RESIDENCE, words="Nous venons d’arriver.")
    [request] = Entitlement.objects.all()
    [upload] = Upload.objects.all()

    assert (answer.status_code, answer["Location"]) == (303, LIST)
    assert (request.kind, request.key, request.participant, request.guardian) == (
        Kind.RESIDENCE,
        "resident",
        None,
        parent.guardian,
    )
    assert request.uploads == [str(upload.id)]
    assert (upload.participant, upload.given_by) == (None, parent.guardian)
    assert "Preuve de résidence À l’étude Toute ma famille" in words(parent.client.get(LIST))


@pytest.mark.line("O-08")
def test_a_subsidy_is_asked_for_some_of_the_children(parent: Parent, child: Participant) -> None:
    a_child("Bo", of=parent.guardian)
    send(parent.client, SUBSIDY, which="loisirs", people=[str(child.id)])
    [request] = Entitlement.objects.all()

    assert (request.key, request.participant) == ("loisirs", child)
    assert "Aide financière : Accès-Loisirs" in words(parent.client.get(LIST))


def test_what_was_typed_and_sent_stays_when_something_is_missing(parent: Parent) -> None:
    answer = send(parent.client, SUBSIDY, words="Merci.")
    page = words(answer)

    assert "Choisissez dans la liste." in page
    assert "Merci." in page
    assert "bail.jpg" in page
    assert Entitlement.objects.count() == 0
    token = answer.content.decode().split('name="proof-kept" value="')[1].split('"')[0]
    parent.client.post(SUBSIDY, {"people": ["famille"], "which": "b", "proof-kept": token})
    assert Entitlement.objects.get().uploads == [str(Upload.objects.get().id)]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"proof": ""}, "Joignez un document, ou prenez-le en photo."),
        ({"proof": SimpleUploadedFile("bail.pdf", b"MZ...")}, "Choisissez un PDF, ou une image JPEG ou PNG."),
        ({"people": []}, "Dites pour qui vous faites cette demande."),
        ({"people": ["somebody"]}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(parent: Parent, said: dict[str, Any], told: str) -> None:
    answer = send(parent.client, RESIDENCE, **said)

    assert told in words(answer)
    assert Entitlement.objects.count() == 0


def test_the_same_request_is_not_sent_twice(parent: Parent) -> None:
    send(parent.client, RESIDENCE)
    answer = send(parent.client, RESIDENCE)

    assert "La même demande est déjà à l’étude" in words(answer)
    assert Entitlement.objects.count() == 1


@pytest.mark.line("O-08")
def test_the_family_reads_the_answer_and_until_when_it_holds(parent: Parent) -> None:
    send(parent.client, RESIDENCE)
    [request] = Entitlement.objects.all()
    deciding.refuse(entitlement_ids=[request.id], answer="Le bail est illisible.", actor=SYSTEM, at=clock.now())

    page = words(parent.client.get(f"{LIST}/{request.id}"))
    assert "Pourquoi la demande est refusée Le bail est illisible." in page
    assert "Demander de nouveau" in page

    a_grant(parent.guardian, Kind.INCOME, key="low", until=clock.now().date() + timedelta(days=400))
    assert "Preuve de revenu : Moins de 30 000 $ Acceptée jusqu’au" in words(parent.client.get(LIST))


def test_a_request_that_waits_can_be_taken_back_once(parent: Parent) -> None:
    request = a_request(parent.guardian)

    assert "Retirer ma demande" in words(parent.client.get(f"{LIST}/{request.id}"))
    assert "Votre demande est retirée." in words(parent.client.post(f"{LIST}/{request.id}/retirer", follow=True))
    assert "Cette demande a changé entre-temps" in words(
        parent.client.post(f"{LIST}/{request.id}/retirer", follow=True)
    )
    request.refresh_from_db()
    assert request.status == Status.WITHDRAWN


@pytest.mark.line("O-08")
def test_another_household_sees_nothing_of_it(parent: Parent, child: Participant) -> None:
    send(parent.client, RESIDENCE)
    [request] = Entitlement.objects.all()
    father = a_parent(HostClient("a.localhost"))
    Guardianship.objects.create(guardian=father.guardian, participant=child)
    a_request(parent.guardian, Kind.APPROVAL, participant=child, offering=an_offering("Voile"))

    page = words(father.client.get(LIST))
    assert "Vos demandes" not in page
    assert "Voile" not in page
    assert father.client.get(f"{LIST}/{request.id}").status_code == 404
    assert father.client.post(f"{LIST}/{request.id}/retirer").status_code == 404
    assert father.client.get(f"/mon-dossier/fichiers/{request.uploads[0]}").status_code == 404
    assert parent.client.get(f"/mon-dossier/fichiers/{request.uploads[0]}").status_code == 200


def test_who_lives_together_sees_that_it_was_asked_and_not_what_was_sent(parent: Parent) -> None:
    send(parent.client, RESIDENCE)
    [request] = Entitlement.objects.all()
    partner = a_parent(HostClient("a.localhost"))
    Guardian.objects.filter(id=partner.guardian.id).update(household=parent.guardian.household)

    assert "Preuve de résidence À l’étude" in words(partner.client.get(LIST))
    assert partner.client.get(f"{LIST}/{request.id}").status_code == 404
    assert partner.client.get(f"/mon-dossier/fichiers/{request.uploads[0]}").status_code == 404


def test_who_is_kept_away_from_a_child_finds_nothing_of_the_child_any_more(parent: Parent, child: Participant) -> None:
    request = a_request(parent.guardian, Kind.APPROVAL, participant=child, offering=an_offering("Voile"))
    Guardianship.objects.filter(participant=child).update(is_blocked=True)

    assert "Voile" not in words(parent.client.get(LIST))
    assert parent.client.get(f"{LIST}/{request.id}").status_code == 404
    assert parent.client.post(f"{LIST}/{request.id}/retirer").status_code == 404


@pytest.mark.parametrize(
    "url", [LIST, RESIDENCE, f"{LIST}/{UUID(int=1)}", "/activites/x/soutien", "/activites/x/approbation"]
)
def test_nobody_asks_without_an_account(client: HostClient, url: str) -> None:
    answer = client.get(url)

    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.line("O-11")
def test_support_is_asked_for_before_the_opening_and_keeps_a_place(parent: Parent, child: Participant) -> None:
    camp = a_camp()
    week = an_option("Semaine 1", offering=camp, places=1)
    assert "Demander du soutien : Camp d’été" in words(parent.client.get(LIST))

    url = f"/activites/{camp.slug}/soutien?enfant={child.id}"
    answer = parent.client.post(url, {"child": str(child.id), "options": [str(week.id)], "words": "Une aide visuelle."})

    assert answer.status_code == 303
    [request] = Entitlement.objects.all()
    assert telling.said(request).words == "Une aide visuelle."
    assert Places.objects.get(option_id=week.id).taken == 1
    assert "Places gardées jusqu’au" in words(parent.client.get(f"{LIST}/{request.id}"))
    assert "Votre panier est vide" in words(parent.client.get("/panier"))

    parent.client.post(f"{LIST}/{request.id}/retirer")
    assert (Places.objects.get(option_id=week.id).taken, Registration.objects.get().status) == (0, "released")


@pytest.mark.line("O-11")
def test_once_granted_the_authorization_is_given_before_anything_is_paid(parent: Parent, child: Participant) -> None:
    camp = a_camp(consent_form=a_consent().form)
    week = an_option("Semaine 1", offering=camp, places=1)
    [request] = support.ask(
        guardian_id=parent.guardian.id,
        participant_id=child.id,
        option_ids=[week.id],
        words="Oui.",
        actor=SYSTEM,
        at=clock.now(),
    )
    granted = Granted(from_on=clock.now().date(), until_on=None, ratio=1)
    support.accept(entitlement_id=request.id, granted=granted, actor=SYSTEM, at=clock.now())
    form = f"/activites/{camp.slug}/inscription?enfant={child.id}"

    sent_back = parent.client.get("/commande")
    assert (sent_back.status_code, sent_back["Location"]) == (303, form)
    page = parent.client.get(form)
    assert (page.status_code, "J’autorise mon enfant à participer." in words(page)) == (200, True)

    said = {"choix-options": [str(week.id)], **YES}
    parent.client.post(form, {**said, "contact-email": "marie@example.org"})

    line = Registration.objects.get(status="held")
    assert (line.consent_id is not None, line.option, Places.objects.get(option_id=week.id).taken) == (True, week, 1)
    assert parent.client.get("/commande").status_code == 200


def test_what_helps_the_child_must_be_said(parent: Parent, child: Participant) -> None:
    camp = a_camp()
    week = an_option("Semaine 1", offering=camp, places=1)
    answer = parent.client.post(f"/activites/{camp.slug}/soutien", {"child": str(child.id), "options": [str(week.id)]})

    assert "Écrivez quelques mots : ils aident à vous répondre." in words(answer)


def test_outside_its_calendar_the_page_says_when(parent: Parent) -> None:
    camp = a_camp(support={"from_on": "2020-01-01", "until_on": "2020-01-31", "keep_days": 5})
    an_option(offering=camp)

    page = words(parent.client.get(f"/activites/{camp.slug}/soutien"))
    assert "Les demandes de soutien pour cette activité se font du" in page
    assert "vendredi 31 janvier 2020" in page
    assert parent.client.get(f"/activites/{an_offering().slug}/soutien").status_code == 404


def test_an_approval_is_asked_for_a_child(parent: Parent, child: Participant) -> None:
    sail = an_offering("Voile", requirements=[{"kind": "approval"}])
    url = f"/activites/{sail.slug}/approbation"
    assert "Aucune place n’est gardée" in words(parent.client.get(url))

    parent.client.post(url, {"child": str(child.id), "words": "Elle nage bien."})

    [request] = Entitlement.objects.all()
    assert (request.kind, request.participant, request.offering) == (Kind.APPROVAL, child, sail)
    assert parent.client.get(f"/activites/{an_offering().slug}/approbation").status_code == 404


@pytest.mark.parametrize("where", ["offering", "option", "window"])
def test_an_approval_is_offered_wherever_the_offering_asks_for_it(parent: Parent, where: str) -> None:
    asked = [{"kind": "approval"}]
    opened = {"name": "Élite", "for": asked, "opens_at": "2020-01-31T12:00:00+00:00", "closes_at": None}
    sail = an_offering(
        "Voile", requirements=asked if where == "offering" else [], windows=[opened] if where == "window" else []
    )
    an_option(offering=sail, requirements=asked if where == "option" else [])
    an_option(offering=an_offering("Tennis"))
    url = f"/activites/{sail.slug}/approbation"

    assert f'href="{url}"' in parent.client.get(LIST).content.decode()
    assert "Tennis" not in words(parent.client.get(LIST))
    assert parent.client.get(url).status_code == 200


def test_the_list_takes_no_more_queries_for_three_requests_than_for_one(parent: Parent, child: Participant) -> None:
    counts = []
    for kind in (Kind.RESIDENCE, Kind.INCOME, Kind.APPROVAL):
        offering = an_offering(requirements=[{"kind": "approval"}]) if kind == Kind.APPROVAL else None
        a_request(parent.guardian, kind, participant=child, offering=offering)
        an_option(offering=an_offering(requirements=[{"kind": "approval"}]))
        parent.client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            parent.client.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[2]
