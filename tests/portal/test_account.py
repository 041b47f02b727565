"""The family's own file: children, registrations, accounts and receipts."""

import pytest
from django.conf import LazySettings

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Participant
from tenant_apps.forms.models import Form, Purpose
from tenant_apps.forms.operations import submit
from tenant_apps.payments.operations.begin import begin_payment
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.forms import a_form
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_basket, a_hold
from tests.portal.people import CHILD, GUEST, Parent, a_parent, a_sale, an_article, quantities, register_url, words


@pytest.fixture(autouse=True)
def record() -> None:
    a_form(
        {"key": "last_name", "label": "Nom de l’élève", "required": True},
        {"key": "first_name", "label": "Prénom de l’élève", "required": True},
        {"key": "student_number", "label": "Numéro de fiche"},
        {"key": "allergies", "kind": "boolean", "label": "Allergies", "details_label": "Précisez les allergies"},
        purpose=Purpose.PROFILE,
        key="dossier",
    )


def a_confirmed_registration(parent: Parent, child: Participant) -> Registration:
    registration = a_hold(
        an_option("24 août", offering=an_offering("Mont-Cascade"), price=0),
        basket=a_basket(parent.guardian),
        child=child,
        at=clock.now(),
    )
    [order] = check_out(basket_id=registration.basket_id, expected_cents=0, actor=SYSTEM, language="fr", at=clock.now())
    begin_payment(order_id=order.id, return_url="", cancel_url="", at=clock.now())
    return registration


def test_an_account_adds_so_many_children_a_day_whatever_the_way(parent: Parent, settings: LazySettings) -> None:
    settings.FAMILY_LIMITS = {"add_child": "2/d/key"}
    sale = a_sale()
    article = an_article(sale)
    names = ["Ada", "Bo", "Chloé"]
    profile = [
        words(parent.client.post("/profil/enfants/ajouter", {"last_name": "Roy", "first_name": name}, follow=True))
        for name in names
    ]
    form = parent.client.post(register_url(sale, "autre"), {**CHILD, **GUEST, **quantities((article, 1))})

    told = "Vous avez ajouté beaucoup de personnes aujourd’hui."
    assert [told in page for page in [*profile, words(form)]] == [False, False, True, True]
    assert 'value="John"' in form.content.decode()
    assert Participant.objects.count() == 2
    assert a_parent(HostClient("a.localhost")).client.post("/profil/enfants/ajouter", CHILD).status_code == 303


@pytest.mark.parametrize("path", ["/profil", "/mon-dossier", "/mon-dossier/inscriptions", "/profil/enfants/ajouter"])
def test_without_an_account_the_file_asks_to_sign_in_first(client: HostClient, path: str) -> None:
    response = client.get(path)

    assert (response.status_code, response["Location"]) == (302, f"/connexion?next={path}")


@pytest.mark.line("S1-14")
def test_the_profile_lists_the_children_and_the_history(parent: Parent) -> None:
    a_child("John", of=parent.guardian)

    page = words(parent.client.get("/profil"))

    assert "Accueil Profil" in page
    assert "Liste des enfants" in page
    assert "Nom Actions Lapointe John Modifier Lapointe John Supprimer Lapointe John" in page
    assert "Historique" in page


@pytest.mark.line("S1-15", "S1-23")
def test_a_child_is_added(parent: Parent) -> None:
    form = words(parent.client.get("/profil/enfants/ajouter"))
    said = {"last_name": "Lapointe", "first_name": "John", "student_number": "1234567"}
    response = parent.client.post("/profil/enfants/ajouter", said, follow=True)

    assert "Page précédente Ajouter" in form
    assert "Lapointe John figure dans votre liste." in words(response)
    assert Participant.objects.get().student_number == "1234567"


def test_a_child_who_is_listed_already_is_told_at_the_name(parent: Parent) -> None:
    said = {"last_name": "Lapointe", "first_name": "John"}
    parent.client.post("/profil/enfants/ajouter", said)

    response = parent.client.post("/profil/enfants/ajouter", said)

    assert "Prénom de l’élève : Cet enfant est déjà dans votre liste." in words(response)
    assert Participant.objects.count() == 1


@pytest.mark.line("S1-18")
def test_compulsory_fields_wear_an_asterisk_where_the_organisation_wants_it(parent: Parent) -> None:
    an_organisation_profile(rules={"marks_required": True})

    page = words(parent.client.get("/profil/enfants/ajouter"))

    assert "Nom de l’élève *" in page
    assert "Prénom de l’élève *" in page
    assert "Numéro de fiche *" not in page
    assert "(facultatif)" not in page


@pytest.mark.line("S1-20")
def test_a_ticked_box_asks_to_be_specified(parent: Parent) -> None:
    response = parent.client.post(
        "/profil/enfants/ajouter", {"last_name": "Lapointe", "first_name": "John", "allergies": "on"}
    )

    assert "Précisez les allergies : Précisez, puisque la case est cochée." in words(response)
    assert not Participant.objects.exists()


def test_a_child_without_a_name_is_told_and_nothing_typed_is_lost(parent: Parent) -> None:
    response = parent.client.post("/profil/enfants/ajouter", {"last_name": "", "student_number": "1234567"})

    assert response.status_code == 200
    assert "Nom de l’élève : À remplir." in words(response)
    assert 'value="1234567"' in response.content.decode()


@pytest.mark.line("S1-15")
def test_a_child_is_modified(parent: Parent) -> None:
    child = a_child("John", of=parent.guardian)

    form = parent.client.get(f"/profil/enfants/{child.id}/modifier").content.decode()
    parent.client.post(f"/profil/enfants/{child.id}/modifier", {"last_name": "Lapointe", "first_name": "Johnny"})

    assert 'value="John"' in form
    assert Participant.objects.get().first_name == "Johnny"


@pytest.mark.line("S1-17")
def test_a_child_is_removed_after_a_question_and_the_history_stays(parent: Parent) -> None:
    child = a_child("John", of=parent.guardian)
    a_confirmed_registration(parent, child)

    question = words(parent.client.get(f"/profil/enfants/{child.id}/supprimer"))
    parent.client.post(f"/profil/enfants/{child.id}/supprimer")

    page = words(parent.client.get("/profil"))
    assert "Supprimer Lapointe John de votre liste ?" in question
    assert "Modifier Lapointe John" not in page
    assert "Mont-Cascade – 24 août" in page


@pytest.mark.parametrize("verb", ["modifier", "supprimer"])
def test_another_familys_child_does_not_exist(parent: Parent, verb: str) -> None:
    stranger = a_child("Bo", of=a_parent().guardian)

    assert parent.client.get(f"/profil/enfants/{stranger.id}/{verb}").status_code == 404
    assert parent.client.post(f"/profil/enfants/{stranger.id}/{verb}", {"last_name": "X"}).status_code == 404
    assert Participant.objects.get(id=stranger.id).removed_at is None


@pytest.mark.line("S1-16")
def test_the_history_shows_the_transactions_of_every_child(parent: Parent) -> None:
    for name in ("John", "Ada"):
        a_confirmed_registration(parent, a_child(name, of=parent.guardian))

    page = words(parent.client.get("/profil"))

    history = page[page.index("Historique") :]
    assert "Lapointe John" in history
    assert "Lapointe Ada" in history


@pytest.mark.line("S2-04", "S4-23")
def test_beside_each_child_there_is_a_way_to_register_it(parent: Parent) -> None:
    children = [a_child(name, of=parent.guardian) for name in ("Ada", "John")]

    response = parent.client.get("/mon-dossier")

    for child in children:
        assert f'href="/activites?enfant={child.id}">Inscrire' in response.content.decode()


def test_registrations_and_receipts_have_their_pages(parent: Parent) -> None:
    empty = words(parent.client.get("/mon-dossier/comptes-et-recus"))
    a_confirmed_registration(parent, a_child("John", of=parent.guardian))

    assert "Aucun compte pour l’instant" in empty
    assert "Mont-Cascade – 24 août Lapointe John" in words(parent.client.get("/mon-dossier/inscriptions"))
    assert "Réglée" in words(parent.client.get("/mon-dossier/comptes-et-recus"))


def test_another_familys_registrations_are_not_listed(parent: Parent) -> None:
    other = a_parent()
    a_confirmed_registration(other, a_child("Bo", of=other.guardian))

    for path in ("/mon-dossier", "/mon-dossier/inscriptions", "/mon-dossier/comptes-et-recus", "/profil"):
        assert "Bo" not in words(parent.client.get(path)).replace("Bon", "")


@pytest.mark.parametrize("elsewhere", ["//ailleurs.example", "https://ailleurs.example/", "javascript:alert(1)"])
def test_the_way_back_leads_nowhere_else(parent: Parent, elsewhere: str) -> None:
    response = parent.client.post(
        f"/profil/enfants/ajouter?next={elsewhere}", {"last_name": "Lapointe", "first_name": "John"}
    )

    assert response["Location"] == "/profil"


@pytest.mark.line("S4-24", "S4-25")
def test_the_way_to_register_appears_once_the_records_are_filled_in_and_something_is_open(parent: Parent) -> None:
    an_organisation_profile(rules={"records_first": True})
    form = a_form({"key": "toy", "label": "Doudou"}, purpose=Purpose.RECORD, key="sante").form
    Form.objects.filter(pk=form.pk).update(title="Fiche santé", asks_everyone=True)
    child = a_child("Ada", of=parent.guardian)
    closed = words(parent.client.get("/mon-dossier"))
    an_option(offering=an_offering("Plaine"))

    locked = parent.client.get("/mon-dossier")
    submit(
        version_id=form.versions.get().id,
        participant_id=child.id,
        signer_id=parent.guardian.id,
        answers=Answers(own={"toy": "Lapin"}),
        actor=SYSTEM,
        at=clock.now(),
    )

    assert "Les inscriptions ne sont pas ouvertes en ce moment." in closed
    assert "Avant d’inscrire : Fiche santé" in words(locked)
    assert "?enfant=" not in locked.content.decode()
    assert f"/activites?enfant={child.id}" in parent.client.get("/mon-dossier").content.decode()


@pytest.mark.parametrize("field", ["last_name", "first_name", "student_number"])
def test_a_name_too_long_to_keep_is_told_at_the_field(parent: Parent, field: str) -> None:
    said = {"last_name": "Lapointe", "first_name": "John", field: "x" * 150}

    response = parent.client.post("/profil/enfants/ajouter", said)

    assert response.status_code == 200
    assert "caractères" in words(response)
