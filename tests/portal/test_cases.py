"""The two ways into a commune's portal: known by its files already, or not yet (S4-08 to S4-18)."""

import pytest

from tenant_apps.families import queries
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations.claiming import NAMED_BY_ADDRESS
from tenant_apps.forms.models import Form, Purpose
from tests.clients import HostClient
from tests.factories.families import a_guest
from tests.factories.forms import a_form
from tests.factories.organisation import an_organisation_profile
from tests.families.links import BORN
from tests.portal.people import Parent, words
from tests.portal.test_guest_to_member import sign_up

ADDRESS = "julie@famille.example"


@pytest.fixture(autouse=True)
def commune() -> None:
    an_organisation_profile(rules={"records_first": True})
    a_form(
        {"key": "last_name", "label": "Nom de l’enfant", "required": True},
        {"key": "first_name", "label": "Prénom de l’enfant", "required": True},
        {"key": "birth_date", "kind": "date", "label": "Date de naissance", "required": True},
        purpose=Purpose.PROFILE,
        key="dossier",
    )
    a_form({"key": "toy", "label": "Doudou"}, purpose=Purpose.RECORD, key="fiche-sante")
    Form.objects.filter(key="fiche-sante").update(title="Fiche santé", asks_everyone=True)


def a_file_of_the_commune(email: str = ADDRESS, **link: bool) -> Participant:
    """What an import leaves: a parent without an account, and a child with locked fields."""
    parent = Guardian.objects.create(email=email, first_name="Julie", locked_fields=[NAMED_BY_ADDRESS])
    child = Participant.objects.create(
        last_name="Delvaux", first_name="Hugo", birth_date=BORN, external_id=f"c-{parent.id}"
    )
    Guardianship.objects.create(guardian=parent, participant=child, **link)
    return child


@pytest.mark.line("S4-08")
def test_case_a_a_parent_whom_the_commune_invoices_finds_the_children_at_once(client: HostClient) -> None:
    child = a_file_of_the_commune()

    user = sign_up(client, ADDRESS)

    page = words(client.get("/mon-dossier"))
    assert "Nous avons trouvé votre dossier" in page
    assert "Delvaux Hugo" in page
    guardian = queries.guardian_of(user)
    assert guardian is not None
    assert queries.participants_of(guardian.id) == [child]


def test_an_address_that_a_guest_typed_gives_nobody_anything(client: HostClient) -> None:
    guest = a_guest(ADDRESS)
    child = Participant.objects.create(last_name="Delvaux", first_name="Hugo")
    Guardianship.objects.create(guardian=guest, participant=child)

    sign_up(client, ADDRESS)

    assert "Delvaux Hugo" not in words(client.get("/mon-dossier"))


@pytest.mark.line("O-01")
def test_a_parent_whom_staff_blocked_finds_nothing(client: HostClient) -> None:
    a_file_of_the_commune(is_blocked=True)

    sign_up(client, ADDRESS)

    page = words(client.get("/mon-dossier"))
    assert "Nous avons trouvé votre dossier" not in page
    assert "Delvaux" not in page


@pytest.mark.line("S4-09", "S4-12", "S4-15", "S4-16", "S4-17", "S4-18")
def test_case_b_each_child_is_registered_then_its_health_record_then_the_next(parent: Parent) -> None:
    for name in ("Hugo", "Lucie"):
        said = {"last_name": "Delvaux", "first_name": name, "birth_date": "2019-06-12"}
        added = parent.client.post("/profil/enfants/ajouter", said)
        child = Participant.objects.get(first_name=name)
        assert added["Location"] == f"/mon-dossier/enfants/{child.id}/fiches/fiche-sante"
    first, second = Participant.objects.order_by("first_name")

    filled = {"toy": "Lapin", "signature-signed_name": "Julie Delvaux", "signature-confirmed": "on"}
    onward = parent.client.post(f"/mon-dossier/enfants/{first.id}/fiches/fiche-sante", filled)
    done = parent.client.post(f"/mon-dossier/enfants/{second.id}/fiches/fiche-sante", filled)

    assert onward["Location"] == f"/mon-dossier/enfants/{second.id}/fiches/fiche-sante"
    assert done["Location"] == "/mon-dossier"


@pytest.mark.line("S4-12")
def test_a_child_on_the_way_to_an_activity_leads_back_to_it(parent: Parent) -> None:
    said = {"last_name": "Delvaux", "first_name": "Hugo", "birth_date": "2019-06-12"}

    added = parent.client.post("/profil/enfants/ajouter?next=/activites/plaine", said)

    child = Participant.objects.get()
    assert added["Location"] == f"/mon-dossier/enfants/{child.id}/fiches/fiche-sante?next=%2Factivites%2Fplaine"
