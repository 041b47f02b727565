"""« Mes données », as a family uses it."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.audit.actors import Actor
from tenant_apps.families.models import Participant
from tenant_apps.privacy import readings
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.registrations import a_basket, a_hold
from tests.portal.people import Parent, a_parent, words

pytestmark = pytest.mark.django_db
HERE = "/mon-dossier/mes-donnees"


@pytest.fixture
def parent(client: HostClient) -> Parent:
    return a_parent(client)


def not_lately(client: HostClient) -> None:
    """Who they are was last shown on another day."""
    session = client.session
    session["confirmed_at"] = 0
    session.save()


def read(child: Participant, label: str = "Louise Secrétaire") -> None:
    readings.record(
        actor=Actor(kind="staff", label=label),
        role="secretary",
        subject="participant",
        subject_id=child.id,
        participant_ids=[child.id],
        reason="group",
        at=clock.now(),
    )


@pytest.mark.parametrize("path", ["", "/effacer"])
def test_without_an_account_there_is_nothing_to_see(client: HostClient, path: str) -> None:
    assert client.get(HERE + path).status_code == 302
    assert client.post(HERE + "/copie").status_code == 302


def test_a_family_sees_who_read_about_their_child_s_health_and_why(parent: Parent) -> None:
    read(a_child("John", of=parent.guardian))
    read(a_child("Zoé"))
    page = words(parent.client.get(HERE))

    assert "John Secrétariat d’établissement Liste d’un groupe" in page
    assert "Zoé" not in page
    assert "Louise" not in page


def test_it_says_what_is_held_why_and_until_when(parent: Parent) -> None:
    page = words(parent.client.get(HERE))

    assert "Veiller à sa santé pendant l’activité Santé 30 jours après l’activité" in page
    assert "Encaisser, rembourser et en donner la preuve Paiement 7 ans au moins" in page


def test_the_copy_is_taken_away_in_one_file(parent: Parent) -> None:
    a_child("John", of=parent.guardian)
    response = parent.client.post(HERE + "/copie")

    assert response["Content-Disposition"] == 'attachment; filename="mes-donnees.zip"'
    assert response["Cache-Control"] == "no-store"
    with ZipFile(BytesIO(b"".join(response.streaming_content))) as archive:
        data = json.loads(archive.read("donnees.json"))
    assert [child["first_name"] for child in data["families.Participant"]] == ["John"]


@pytest.mark.parametrize(("method", "path"), [("post", "/copie"), ("get", "/effacer"), ("post", "/effacer")])
def test_who_one_is_is_asked_again_first(parent: Parent, method: str, path: str) -> None:
    not_lately(parent.client)
    response = getattr(parent.client, method)(HERE + path, {"confirmation": "effacer"} if method == "post" else {})

    assert response.status_code == 302
    assert response["Location"].startswith("/compte/verification?next=" + HERE)
    assert User.objects.filter(pk=parent.guardian.user_id).exists()


def test_it_says_what_goes_and_what_stays(parent: Parent) -> None:
    a_child("John", of=parent.guardian)
    page = words(parent.client.get(HERE + "/effacer"))

    assert "le dossier de John, avec ses réponses" in page
    assert "la loi oblige à les garder 7 ans" in page
    assert "Pour confirmer, écrivez EFFACER" in page


def test_the_word_must_be_written(parent: Parent) -> None:
    response = parent.client.post(HERE + "/effacer", {"confirmation": "oui"})

    assert response.status_code == 200
    assert "Écrivez le mot EFFACER." in words(response)
    assert User.objects.filter(pk=parent.guardian.user_id).exists()


def test_an_erased_account_is_signed_out_and_gone(parent: Parent) -> None:
    a_child("John", of=parent.guardian)
    response = parent.client.post(HERE + "/effacer", {"confirmation": " effacer "}, follow=True)

    assert "Votre compte est effacé." in words(response)
    assert User.objects.count() == 0
    assert Participant.objects.get().first_name == ""
    assert parent.client.get(HERE).status_code == 302


def test_what_bars_the_way_is_said_with_where_to_settle_it(parent: Parent) -> None:
    a_hold(an_option(), basket=a_basket(parent.guardian), child=a_child("John", of=parent.guardian), at=clock.now())
    page = parent.client.get(HERE + "/effacer")

    assert "Des places sont gardées dans votre panier." in words(page)
    assert 'href="/panier"' in page.content.decode()
    assert "Pour confirmer" not in words(page)
    assert "ne peut pas être effacé" in words(parent.client.post(HERE + "/effacer", {"confirmation": "EFFACER"}))
    assert User.objects.filter(pk=parent.guardian.user_id).exists()
