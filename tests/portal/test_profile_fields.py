"""What the profile of a school board asks of a child and of its parent."""

import re

import pytest

from tenant_apps.organisation import operations
from tests.clients import HostClient
from tests.portal.people import a_parent, words

STUDENT = [
    "Nom de l’élève *",
    "Prénom de l’élève *",
    "Adresse",
    "Numéro de fiche",
    "Groupe-repère",
    "Niveau scolaire",
    "École",
    "Nom de l’enseignant",
    "Est-ce que l’élève a un plan d’intervention ?",
    "Mon enfant dîne…",
    "Date de naissance",
    "Allergies",
    "Conditions médicales",
]
PARENT = [
    "Nom de l’autorité parentale",
    "Prénom de l’autorité parentale",
    "Nom en cas d’urgence",
    "Prénom en cas d’urgence",
    "Numéro de téléphone en cas d’urgence",
    "Je suis disponible pour vous accompagner",
    "Je désire m’impliquer comme bénévole auprès de l’équipe de mon enfant",
    "Courriel",
]


@pytest.fixture
def page(client: HostClient) -> str:
    operations.apply_preset(key="school_board_qc", name="Centre de services")
    return words(a_parent(client).client.get("/profil/enfants/ajouter"))


@pytest.mark.line("S1-18", "S1-19", "S1-21")
def test_the_questions_come_in_the_order_of_the_guide_and_two_are_compulsory(page: str) -> None:
    form = page[page.index("Identification de l’élève") :]
    places = [form.index(label) for label in ("Identification de l’élève", *STUDENT)]
    places += [form.index(label) for label in ("Identification de l’autorité parentale", *PARENT)]

    assert places == sorted(places)
    assert len(re.findall(r"\S \*", form)) == 2


@pytest.mark.line("S1-49")
def test_the_names_show_which_is_which(page: str) -> None:
    assert "Le nom de famille, comme Lapointe." in page
    assert "Comme John." in page


@pytest.mark.line("S1-22")
def test_a_health_insurance_number_is_not_asked_unless_the_organisation_says_why(page: str) -> None:
    assert "assurance maladie" not in page.casefold()
