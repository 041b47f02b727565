"""The help that families read, written by the organisation and by each establishment (S3-17)."""

import pytest

from shared_apps.audit.models import Entry
from tenant_apps.organisation.models import Establishment, Profile, Role
from tests.clients import HostClient
from tests.factories.organisation import an_establishment
from tests.office.conftest import SignIn
from tests.portal.people import words

pytestmark = pytest.mark.django_db
HERE = "/gestion/reglages/aide"
SAID = {
    "welcome": "Bienvenue.",
    "help_text": "Appelez le secrétariat.",
    "contact_email": "aide@example.org",
    "contact_phone": "418 555-0123",
    "guide_url": "https://example.org/guide.pdf",
    "questions_url": "example.org/questions",
}


@pytest.mark.parametrize("role", list(Role))
def test_the_organisation_s_own_is_for_those_who_set_it_up(as_staff: SignIn, role: str) -> None:
    client = as_staff(role)

    assert client.get(HERE).status_code == (200 if role in (Role.OWNER, Role.ADMINISTRATOR, Role.SECRETARY) else 403)
    assert client.get(f"{HERE}/organisation").status_code == (200 if role in (Role.OWNER, Role.ADMINISTRATOR) else 403)


@pytest.mark.line("S3-17")
def test_families_read_what_was_written(as_staff: SignIn) -> None:
    assert as_staff(Role.OWNER).post(f"{HERE}/organisation", SAID).status_code == 302

    home = HostClient("a.localhost").get("/").content.decode()
    for text in ("Bienvenue.", "Appelez le secrétariat.", "https://example.org/guide.pdf"):
        assert text in home
    assert Profile.objects.get().rules["questions_url"] == "https://example.org/questions"
    [entry] = Entry.objects.filter(action="organisation.help_texts")
    assert entry.details["changes"]["help_text"] == ["", "Appelez le secrétariat."]


def test_an_address_that_is_none_is_told_at_the_field(as_staff: SignIn) -> None:
    answer = as_staff(Role.OWNER).post(f"{HERE}/organisation", {**SAID, "guide_url": "javascript:alert(1)"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["guide_url"]
    assert "Appelez le secrétariat." in answer.content.decode()


def test_a_secretary_writes_that_of_her_own_school(as_staff: SignIn) -> None:
    ours, theirs = an_establishment("École du Dôme"), an_establishment("École du Lac")
    secretary = as_staff(Role.SECRETARY, ours)
    said = {"help_text": "Poste 12.", "email": "", "phone": "", "address": ""}

    assert secretary.post(f"{HERE}/etablissements/{ours.code}", said).status_code == 302
    assert secretary.post(f"{HERE}/etablissements/{theirs.code}", said).status_code == 404
    assert [each.help_text for each in Establishment.objects.order_by("position")] == ["Poste 12.", ""]
    page = words(secretary.get(HERE))
    assert "École du Dôme" in page
    assert "École du Lac" not in page
