"""The catalogue as a table, in the workplace: checked, shown, written; or left, with nothing written."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from kernel import clock, ids
from tenant_apps.catalog.models import Offering
from tenant_apps.imports import files
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import a_payee
from tests.office.conftest import SignIn
from tests.portal.people import words

pytestmark = pytest.mark.django_db
HERE = "/gestion/catalogue/importer"
CAMP = "Titre;Genre;Choix;Prix;Places\nCamp;Camp;Semaine 1;120;40\nCamp;;Semaine 2;120;40\n"


def give(client: HostClient, text: str, name: str = "catalogue.csv") -> Any:
    """The page that shows what the file would do."""
    answer = client.post(HERE, {"file": SimpleUploadedFile(name, text.encode())})
    assert answer.status_code == 302
    return client.get(answer.headers["Location"])


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("path", [HERE, "/gestion/catalogue/modele.csv", "/gestion/catalogue/exporter.csv"])
def test_it_is_for_those_who_change_the_catalogue(as_staff: SignIn, role: str, path: str) -> None:
    assert as_staff(role).get(path).status_code == (200 if role in CHANGES else 403)


def test_what_the_file_changes_is_shown_then_written_once(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    a_payee()
    page = give(client, CAMP)
    path = page.request["PATH_INFO"]

    assert "Nouvelles 1 Modifiées 0 Inchangées 0" in words(page)
    assert "Camp Ligne 2 Nouvelle Semaine 1 Nouveau choix" in words(page)
    assert not Offering.objects.exists()
    assert client.post(f"{path}/ecrire", {"seen": page.context["seen"]}).status_code == 302
    assert Offering.objects.get().options.count() == 2
    assert not default_storage.exists(f"tables/{page.context['file_id']}")
    assert client.post(f"{path}/ecrire", {"seen": page.context["seen"]}).status_code == 404
    assert Offering.objects.count() == 1


def test_a_fault_is_shown_with_its_line_and_nothing_can_be_written(as_staff: SignIn) -> None:
    a_payee()
    page = give(as_staff(Role.OWNER), CAMP + "Camp;;Semaine 3;douze;40\n")

    assert "Ligne 4 Prix « douze » n’est pas un montant. Écrivez 12,50." in words(page)
    assert "Écrire 1 activité" not in words(page)
    assert f'enctype="multipart/form-data" action="{HERE}"' in page.content.decode(), "the corrected file is given here"


def test_what_changed_since_it_was_shown_is_shown_again(as_staff: SignIn) -> None:
    zoo, client = an_offering("Zoo", summary="Avant"), as_staff(Role.OWNER)
    page = give(client, f"Adresse;Résumé\n{zoo.slug};Après\n")
    assert "Résumé : Avant Après" in words(page)
    Offering.objects.update(summary="Entre-temps")

    answer = client.post(f"{page.request['PATH_INFO']}/ecrire", {"seen": page.context["seen"]})

    assert "Le catalogue a changé entre-temps." in words(client.get(answer.headers["Location"]))
    assert Offering.objects.get().summary == "Entre-temps"


def test_a_file_that_is_left_is_gone(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    a_payee()
    page = give(client, CAMP)

    client.post(f"{page.request['PATH_INFO']}/abandonner")

    assert client.get(page.request["PATH_INFO"]).status_code == 404
    assert client.get(f"{HERE}/00000000-0000-0000-0000-000000000000").status_code == 404


def test_no_address_of_a_table_reaches_the_file_of_another_import(as_staff: SignIn) -> None:
    client, run_id = as_staff(Role.OWNER), ids.uuid7()
    path = default_storage.save(f"imports/{run_id}", ContentFile(b"children"))

    assert client.get(f"{HERE}/{run_id}").status_code == 404
    client.post(f"{HERE}/{run_id}/abandonner")
    assert default_storage.exists(path)


def test_a_table_that_nobody_writes_is_forgotten_after_a_day(as_staff: SignIn) -> None:
    now, page = clock.now(), give(as_staff(Role.OWNER), CAMP)
    path = f"tables/{page.context['file_id']}"

    assert path in files.kept(before=now + timedelta(minutes=1))
    assert path not in files.kept(before=now - timedelta(minutes=1))
    default_storage.delete(path)


def test_what_is_no_table_is_told(as_staff: SignIn) -> None:
    page = give(as_staff(Role.OWNER), "PK\x03\x04", "classeur.xlsx")

    assert page.status_code == 422
    assert "Ce classeur n’est pas lisible." in words(page)
    assert as_staff(Role.OWNER).post(HERE, {}).status_code == 422


def test_the_model_can_be_imported_as_it_is(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    a_payee()
    model = client.get("/gestion/catalogue/modele.csv").content.decode("utf-8-sig")

    assert "Nouvelles 1" in words(give(client, model))


def test_an_export_follows_the_filters_and_comes_back_unchanged(as_staff: SignIn) -> None:
    client = as_staff(Role.OWNER)
    an_option("Groupe", offering=an_offering("Zoo"), places=3)
    an_option("Groupe", offering=an_offering("Lac"))

    text = client.get("/gestion/catalogue/exporter.csv?q=zoo").content.decode("utf-8-sig")

    assert [row[1] for row in csv.reader(io.StringIO(text), delimiter=";")] == ["Titre", "Zoo"]
    assert "Inchangées 1" in words(give(client, text))


def test_the_code_and_the_fund_of_the_books_are_columns_and_what_else_is_kept_there_stays(as_staff: SignIn) -> None:
    zoo, client = an_offering("Zoo", accounting={"code": "4010", "kept": "so"}), as_staff(Role.OWNER)
    page = give(client, f"Adresse;Code comptable;Fonds\n{zoo.slug};;Fonds des sorties\n")
    assert "Fonds à destination spéciale : Fonds des sorties" in words(page)
    client.post(f"{page.request['PATH_INFO']}/ecrire", {"seen": page.context["seen"]})

    zoo.refresh_from_db()
    assert zoo.accounting == {"code": "4010", "kept": "so", "fund": "Fonds des sorties"}
    table = client.get("/gestion/catalogue/exporter.csv").content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(table), delimiter=";")
    assert (row["Code comptable"], row["Fonds"]) == ("4010", "Fonds des sorties")
    assert "Inchangées 1" in words(give(client, table))
