"""« Mes coordonnées »: the account holder's own page."""

from datetime import date

import pytest

from tenant_apps.families.models import Guardian
from tenant_apps.forms.models import Purpose
from tests.factories.families import a_guardian
from tests.factories.forms import a_form
from tests.portal.people import Parent, words

PAGE = "/profil/coordonnees"
SAID = {
    "first_name": "Marie",
    "last_name": "Roy",
    "phone": "819 555-0123",
    "birth_date": "1985-03-02",
    "language": "fr",
}


@pytest.fixture(autouse=True)
def record() -> None:
    a_form(
        {"key": "last_name"},
        {"key": "address", "shared": True, "label": "Adresse"},
        {"key": "contact_email", "kind": "email", "shared": True},
        purpose=Purpose.PROFILE,
    )


@pytest.mark.line("S4-03")
def test_what_is_said_once_is_kept_for_the_person_and_for_the_household(parent: Parent) -> None:
    response = parent.client.post(PAGE, {**SAID, "address": "12, rue des Pins"}, follow=True)

    assert "Vos coordonnées sont à jour." in words(response)
    kept = Guardian.objects.select_related("household").get(id=parent.guardian.id)
    assert (kept.last_name, kept.phone, kept.birth_date) == ("Roy", "+18195550123", date(1985, 3, 2))
    assert kept.household is not None
    assert kept.household.answers == {"address": "12, rue des Pins"}


def test_the_other_household_s_answers_stay_its_own(parent: Parent) -> None:
    other = a_guardian()
    parent.client.post(PAGE, {**SAID, "address": "12, rue des Pins"})

    assert other.household is not None
    other.household.refresh_from_db()
    assert other.household.answers == {}


@pytest.mark.line("S4-06")
def test_what_an_authentic_source_gave_cannot_be_changed(parent: Parent) -> None:
    Guardian.objects.filter(id=parent.guardian.id).update(locked_fields=["last_name", "birth_date"])

    page = words(parent.client.get(PAGE))
    parent.client.post(PAGE, {**SAID, "last_name": "Autre"})

    assert "Donné par votre moyen de connexion" in page
    kept = Guardian.objects.get(id=parent.guardian.id)
    assert (kept.last_name, kept.birth_date, kept.phone) == ("Lapointe", None, "+18195550123")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"first_name": ""}, "Prénom : Écrivez votre prénom."),
        ({"birth_date": "2999-01-01"}, "Date de naissance : Vérifiez l’année"),
        ({"phone": "12"}, "Téléphone : Écrivez un numéro complet"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(
    parent: Parent, said: dict[str, str], told: str
) -> None:
    response = parent.client.post(PAGE, {**SAID, "address": "12, rue des Pins", **said})

    assert response.status_code == 200
    assert told in words(response).replace("\u202f", " ")
    assert "12, rue des Pins" in response.content.decode()
    assert Guardian.objects.get(id=parent.guardian.id).last_name == "Lapointe"
