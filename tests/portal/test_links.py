"""Sharing the care of a child on the pages: invitations, claims, letters, weeks, pick-up people."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from kernel import clock
from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.catalog.models import Option
from tenant_apps.families import codes, queries
from tenant_apps.families.models import Guardian, Guardianship, LinkRequest, Participant
from tenant_apps.families.operations import guardians, letters
from tenant_apps.forms.models import Purpose
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_form
from tests.factories.organisation import an_organisation_profile
from tests.families.links import BORN, a_link, code_sent
from tests.portal.people import Parent, a_camp, a_parent, register_url, words

EVEN = [{"from": None, "until": None, "weeks": "even"}]
ODD = [{"from": None, "until": None, "weeks": "odd"}]


@pytest.fixture(autouse=True)
def record() -> None:
    a_form(
        {"key": "last_name", "label": "Nom de l’élève", "required": True},
        {"key": "first_name", "label": "Prénom de l’élève", "required": True},
        {"key": "birth_date", "kind": "date", "label": "Date de naissance"},
        {"key": "allergies", "kind": "boolean", "class": "health", "label": "Allergies", "details_label": "Précisez"},
        {"key": "home_group", "label": "Groupe-repère"},
        purpose=Purpose.PROFILE,
        key="dossier",
    )


@pytest.fixture
def child(parent: Parent) -> Participant:
    return a_child("John", of=parent.guardian, birth_date=BORN)


def another_parent(first_name: str = "Georges", last_name: str = "Roy") -> Parent:
    parent = a_parent(HostClient("a.localhost"))
    Guardian.objects.filter(id=parent.guardian.id).update(first_name=first_name, last_name=last_name)
    parent.guardian.refresh_from_db()
    return parent


def mails() -> list[Message]:
    delivery.handle_events(at=clock.now())
    return list(Message.objects.order_by("id"))


def invite(parent: Parent, child: Participant, **said: str) -> LinkRequest:
    asked = {"email": "georges@example.org", "role": "parent", "may_enrol": "on", "may_pay": "on", **said}
    assert parent.client.post(f"/profil/enfants/{child.id}/inviter", asked).status_code == 303
    return LinkRequest.objects.latest("id")


@pytest.mark.line("O-01", "S3-09")
def test_a_second_parent_is_invited_by_mail_and_accepts_with_another_address(
    parent: Parent, child: Participant
) -> None:
    request = invite(parent, child)
    [mail] = mails()
    father = another_parent()
    code = code_sent(request.id)

    page = words(father.client.get(f"/invitation?code={code}"))
    response = father.client.post("/invitation", {"code": code, "accept": "1"}, follow=True)

    assert (mail.recipient, codes.spelled(code) in mail.text, "John" in mail.text) == (
        "georges@example.org",
        True,
        False,
    )
    assert "Lapointe Marie" not in page
    assert "Marie Lapointe vous invite à suivre John" in page
    assert "inscrire, payer" in page
    assert "voir la santé" not in page
    assert "John figure dans votre liste." in words(response)
    assert queries.participants_of(father.guardian.id) == [child]


def test_who_accepts_without_a_name_is_asked_for_it_then_sees_the_child(parent: Parent, child: Participant) -> None:
    code = code_sent(invite(parent, child).id)
    father = another_parent(first_name="", last_name="")

    accepted = father.client.post("/invitation", {"code": code, "accept": "1"})
    asked = words(father.client.get(accepted.url))
    said = {"first_name": "Georges", "last_name": "Roy", "language": "fr"}
    given = father.client.post(accepted.url, said)

    assert accepted.url.startswith("/profil/coordonnees?next=")
    assert "Dites-nous votre nom" in asked
    assert given.url == f"/profil/enfants/{child.id}"
    assert "Georges Roy" in words(parent.client.get(given.url))


def test_an_invitation_is_refused_and_who_sent_it_hears_of_it(parent: Parent, child: Participant) -> None:
    code = code_sent(invite(parent, child).id)
    father = another_parent()

    father.client.post("/invitation", {"code": code, "refuse": "1"})

    assert queries.participants_of(father.guardian.id) == []
    assert [mail.subject for mail in mails()][-1] == "Votre invitation est refusée"


def test_an_invitation_is_opened_after_signing_in(client: HostClient, parent: Parent, child: Participant) -> None:
    code = code_sent(invite(parent, child).id)

    response = HostClient("a.localhost").get(f"/invitation?code={code}")

    assert (response.status_code, response["Location"]) == (302, f"/connexion?next=/invitation%3Fcode%3D{code}")


def test_five_codes_that_open_nothing_stop_the_account(parent: Parent, child: Participant) -> None:
    code = code_sent(invite(parent, child).id)
    father = another_parent()
    for _number in range(5):
        assert "n’est plus valable" in words(father.client.get(f"/invitation?code={codes.new()}"))

    assert "Trop d’essais" in words(father.client.get(f"/invitation?code={code}"))


def test_an_invitation_is_sent_again_or_cancelled_by_who_sent_it_alone(parent: Parent, child: Participant) -> None:
    request, father = invite(parent, child), another_parent()
    first = code_sent(request.id)

    for verb in ("renvoyer", "annuler"):
        assert father.client.post(f"/profil/invitations/{request.id}/{verb}").status_code == 404
    parent.client.post(f"/profil/invitations/{request.id}/renvoyer")
    assert code_sent(request.id) != first
    told = words(parent.client.post(f"/profil/invitations/{request.id}/annuler", follow=True))

    assert "L’invitation est annulée" in told
    assert "georges@example.org" not in words(parent.client.get(f"/profil/enfants/{child.id}"))


@pytest.mark.line("O-01")
def test_the_other_household_is_known_by_its_name_and_role_alone(parent: Parent, child: Participant) -> None:
    father = another_parent()
    a_link(father.guardian, child, may_pay=False)
    Guardian.objects.filter(id=father.guardian.id).update(phone="+18195550199", email="secret@example.org")
    guardians.answer_for_household(guardian_id=father.guardian.id, answers={"address": "2, rue Basse"}, at=clock.now())

    page = words(parent.client.get(f"/profil/enfants/{child.id}"))

    assert "Georges Roy Parent Peut : inscrire, voir la santé" in page
    for secret in ("555-0199", "secret@example.org", "rue Basse"):
        assert secret not in page


def test_somebody_without_a_name_is_not_named_by_their_address(parent: Parent, child: Participant) -> None:
    nameless = a_guardian(first_name="", last_name="")
    a_link(nameless, child)

    page = words(parent.client.get(f"/profil/enfants/{child.id}"))

    assert "Un autre responsable" in page
    assert nameless.email not in page


@pytest.mark.parametrize("page", ["", "/inviter", "/venir-chercher", "/modifier", "/supprimer"])
def test_another_familys_child_has_no_page(parent: Parent, page: str) -> None:
    stranger = a_child("Bo", of=a_parent(HostClient("a.localhost")).guardian)

    assert parent.client.get(f"/profil/enfants/{stranger.id}{page}").status_code == 404


def a_week(name: str, monday: date, **columns: Any) -> Option:
    return an_option(name, starts_on=monday, ends_on=monday + timedelta(days=4), price=0, **columns)


def taking(option: Option) -> dict[str, object]:
    return {"choix-options": [str(option.id)], "contact-email": "m@example.org"}


def next_monday(*, even: bool) -> date:
    day = clock.now().date() + timedelta(days=14)
    day -= timedelta(days=day.weekday())
    return day if (day.isocalendar().week % 2 == 0) == even else day + timedelta(days=7)


@pytest.mark.line("O-01")
def test_each_parent_takes_the_weeks_that_are_theirs(parent: Parent, child: Participant) -> None:
    Guardianship.objects.update(custody=EVEN)
    father = another_parent()
    a_link(father.guardian, child, custody=ODD)
    camp = a_camp(registration_form=None)
    mine = a_week("Semaine A", next_monday(even=True), offering=camp)
    others = a_week("Semaine B", next_monday(even=False), offering=camp)

    page = words(parent.client.get(register_url(camp, child.id)))
    parent.client.post(register_url(camp, child.id), {"choix-options": [str(mine.id), str(others.id)]})
    refused = Registration.objects.count()
    parent.client.post(
        register_url(camp, child.id), {"choix-options": [str(mine.id)], "contact-email": "m@example.org"}
    )

    assert "n’est pas la vôtre dans le calendrier de garde de John" in page
    assert refused == 0
    assert Registration.objects.get().option == mine


def test_who_may_not_enrol_is_told_and_cannot(parent: Parent, child: Participant) -> None:
    Guardianship.objects.update(may_enrol=False)
    camp = a_camp(registration_form=None)
    week = a_week("Semaine A", next_monday(even=True), offering=camp)

    page = words(parent.client.get(register_url(camp, child.id)))
    parent.client.post(
        register_url(camp, child.id), {"choix-options": [str(week.id)], "contact-email": "m@example.org"}
    )

    assert "Votre lien avec John ne permet pas de l’inscrire." in page
    assert not Registration.objects.exists()
    assert "?enfant=" not in parent.client.get("/mon-dossier").content.decode()


def test_who_may_not_enrol_changes_and_removes_nobody(parent: Parent, child: Participant) -> None:
    page = f"/profil/enfants/{child.id}"
    places = ("/mon-dossier", "/profil", page)
    shown = [f'href="{page}/modifier"' in parent.client.get(place).content.decode() for place in places]
    Guardianship.objects.update(may_enrol=False)

    hidden = [f'href="{page}/' in parent.client.get(place).content.decode() for place in places]
    said = {"last_name": "Roy", "first_name": "Zoé", "birth_date": "2018-01-01"}
    answers = [parent.client.post(f"{page}/{move}", said).status_code for move in ("modifier", "supprimer")]

    assert (shown, hidden, answers) == ([True] * 3, [False] * 3, [403, 403])
    assert [str(each) for each in queries.participants_of(parent.guardian.id)] == ["Lapointe John"]


@pytest.mark.line("S4-22")
def test_who_is_not_billable_registers_nobody_and_may_ask_to_be(parent: Parent, child: Participant) -> None:
    Guardian.objects.update(is_billable=False)

    home = parent.client.get("/mon-dossier")
    asked = parent.client.post("/profil/facturation", follow=True)
    parent.client.post("/profil/facturation")

    assert "Vous n’êtes pas responsable de la facturation" in words(home)
    assert "?enfant=" not in home.content.decode()
    assert "Votre demande est transmise." in words(asked)
    assert [mail.subject for mail in mails()] == ["Demande de facturation"]


def test_who_may_not_see_health_reads_and_changes_nothing_of_it(parent: Parent) -> None:
    child = a_child("John", of=parent.guardian, sealed={"allergies": True, "allergies_details": "Arachides"})
    Guardianship.objects.update(may_see_health=False)

    form = parent.client.get(f"/profil/enfants/{child.id}/modifier").content.decode()
    parent.client.post(
        f"/profil/enfants/{child.id}/modifier", {"last_name": "Lapointe", "first_name": "John", "home_group": "601"}
    )

    assert "Arachides" not in form
    assert "allergies" not in form
    child.refresh_from_db()
    assert child.answers["home_group"] == "601"
    assert queries.sealed_answers(child) == {"allergies": True, "allergies_details": "Arachides"}


@pytest.mark.line("S1-50", "S3-42")
def test_what_an_import_gave_is_shown_with_its_reason_and_cannot_be_changed(parent: Parent) -> None:
    child = a_child("John", of=parent.guardian, birth_date=BORN, answers={"home_group": "601"})
    Participant.objects.update(locked_fields=["last_name", "first_name", "birth_date", "home_group"])

    form = parent.client.get(f"/profil/enfants/{child.id}/modifier")
    parent.client.post(
        f"/profil/enfants/{child.id}/modifier",
        {"last_name": "Autre", "first_name": "Nom", "birth_date": "2010-01-01", "home_group": "999"},
    )

    assert form.content.decode().count("disabled") == 4
    assert "Vient de l’organisation : écrivez-lui pour le corriger." in words(form)
    child.refresh_from_db()
    assert (str(child), child.birth_date, child.answers["home_group"]) == ("Lapointe John", BORN, "601")


def test_a_form_that_does_not_ask_the_used_name_leaves_it(parent: Parent, child: Participant) -> None:
    Participant.objects.update(used_name="Johnny", student_number="1234567")

    parent.client.post(f"/profil/enfants/{child.id}/modifier", {"last_name": "Lapointe", "first_name": "John"})

    child.refresh_from_db()
    assert (child.used_name, child.student_number) == ("Johnny", "1234567")
    page = words(parent.client.get(f"/profil/enfants/{child.id}"))
    assert "Lapointe Johnny" in page
    assert "Prénom légal : John" in page


def test_another_parents_child_waits_and_the_first_parent_accepts(parent: Parent, child: Participant) -> None:
    father = another_parent()
    said = {"last_name": "Lapointe", "first_name": "John", "birth_date": "2019-06-12"}

    answer = words(father.client.post("/profil/enfants/ajouter", said, follow=True))
    request = LinkRequest.objects.get()
    asked = words(parent.client.get("/mon-dossier"))
    parent.client.post(f"/profil/demandes/{request.id}", {"role": "parent", "may_enrol": "on", "accept": "1"})

    assert "Votre demande est transmise." in answer
    assert "Demande en attente" in answer
    assert "Aucun enfant pour l’instant" not in answer
    assert "Appelez le 819 555-0100." in answer
    assert "Georges Roy demande à suivre le dossier de John." in asked
    assert queries.participants_of(father.guardian.id) == [child]
    assert Guardianship.objects.get(guardian=father.guardian).may_see_health is False


def test_a_stranger_answers_no_claim(parent: Parent, child: Participant) -> None:
    father = another_parent()
    father.client.post(
        "/profil/enfants/ajouter", {"last_name": "Lapointe", "first_name": "John", "birth_date": "2019-06-12"}
    )
    request = LinkRequest.objects.get()

    for stranger in (father, a_parent(HostClient("a.localhost"))):
        assert stranger.client.post(f"/profil/demandes/{request.id}", {"accept": "1"}).status_code == 404
    assert queries.participants_of(father.guardian.id) == []


def test_a_claim_is_taken_back(parent: Parent, child: Participant) -> None:
    father = another_parent()
    said = {"last_name": "Lapointe", "first_name": "John", "birth_date": "2019-06-12"}
    father.client.post("/profil/enfants/ajouter", said)
    request = LinkRequest.objects.get()

    assert parent.client.post(f"/profil/demandes/{request.id}/retirer").status_code == 404
    father.client.post(f"/profil/demandes/{request.id}/retirer")

    assert "Demande en attente" not in words(father.client.get("/profil"))


def test_a_child_typed_on_a_form_is_claimed_as_well(parent: Parent, child: Participant) -> None:
    father = another_parent()
    camp = a_camp(registration_form=None)
    week = a_week("Semaine A", next_monday(even=True), offering=camp)
    said = {"last_name": "Lapointe", "first_name": "John", "birth_date": "2019-06-12"}

    answer = father.client.post(
        register_url(camp), {**said, "choix-options": [str(week.id)], "contact-email": "g@example.org"}, follow=True
    )

    assert "Votre demande est transmise." in words(answer)
    assert Participant.objects.count() == 1
    assert not Registration.objects.exists()


@pytest.mark.line("O-14")
def test_a_letters_code_is_read_by_a_telephone_and_links_the_child(child: Participant) -> None:
    [letter] = letters.make_letters(participant_ids=[child.id], actor=SYSTEM, at=clock.now())
    father = another_parent()

    form = father.client.get(f"/activer?code={letter.code}").content.decode()
    wrong = words(father.client.post("/activer", {"code": letter.code, "birth_date": "2018-01-01"}))
    right = father.client.post(
        "/activer", {"code": codes.spelled(letter.code), "birth_date": "2019-06-12"}, follow=True
    )

    assert f'value="{letter.code}"' in form
    assert "Ce code et cette date ne vont pas ensemble" in wrong
    assert "John" not in wrong
    assert "John figure dans votre liste." in words(right)


def test_a_second_click_is_told_what_the_first_one_was(parent: Parent, child: Participant) -> None:
    [letter] = letters.make_letters(participant_ids=[child.id], actor=SYSTEM, at=clock.now())
    activation = {"code": letter.code, "birth_date": "2019-06-12"}
    invitation = {"code": code_sent(invite(parent, child).id), "accept": "1"}

    for address, said in (("/activer", activation), ("/invitation", invitation)):
        other = another_parent()
        told = [words(other.client.post(address, said, follow=True)) for _click in range(2)]
        assert [("John figure dans votre liste." in page) for page in told] == [True, True]
        assert Guardianship.objects.filter(guardian=other.guardian).count() == 1


@pytest.mark.parametrize("code", ["", "ABC", "0000000000", "x" * 41, "ABCDE-23456\x00"])
def test_what_is_no_code_is_told_at_the_field(parent: Parent, code: str) -> None:
    response = parent.client.post("/activer", {"code": code, "birth_date": "2019-06-12"})

    assert response.status_code == 200
    assert "Code de la lettre :" in words(response)


def test_who_may_fetch_the_child_is_a_list_that_families_keep(parent: Parent, child: Participant) -> None:
    father = another_parent()
    a_link(father.guardian, child)
    said = {"name": "Aline Roy", "relation": "grand-mère", "phone": "819 555-0142"}

    added = words(parent.client.post(f"/profil/enfants/{child.id}/venir-chercher", said, follow=True))
    seen = words(father.client.get(f"/profil/enfants/{child.id}"))
    parent.client.post(f"/profil/enfants/{child.id}/venir-chercher/retirer", {"name": "Aline Roy"})

    assert "Aline Roy grand-mère, 819-555-0142" in added
    assert "Aline Roy grand-mère" in seen
    assert "555-0142" not in seen
    child.refresh_from_db()
    assert child.pick_up_people == []


@pytest.mark.line("S2-05")
def test_the_accounts_holder_takes_part_where_adults_do(parent: Parent) -> None:
    assert "Je m’inscris aussi" not in words(parent.client.get("/mon-dossier"))
    an_organisation_profile(rules={"adults_take_part": True})

    offered = words(parent.client.get("/mon-dossier"))
    said = {"last_name": "Lapointe", "first_name": "Marie", "birth_date": "1985-02-03"}
    parent.client.post("/profil/moi", said)
    again = parent.client.post("/profil/moi", said)

    assert "Je m’inscris aussi" in offered
    assert "Ajoutez les membres de votre famille, et vous-même" in offered
    assert again.status_code == 303
    assert [str(each) for each in queries.participants_of(parent.guardian.id)] == ["Lapointe Marie"]
    assert "Je m’inscris aussi" not in words(parent.client.get("/mon-dossier"))


@pytest.mark.line("S4-21")
def test_the_price_category_is_read_and_not_chosen(parent: Parent, child: Participant) -> None:
    Participant.objects.update(price_category="non_resident")

    page = words(parent.client.get(f"/profil/enfants/{child.id}"))

    assert "Catégorie de prix : Hors commune" in page


@pytest.mark.parametrize("page", ["/mon-dossier", "/profil"])
def test_three_children_are_listed_with_as_many_queries_as_one(parent: Parent, page: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            parent.client.get(page)
        return len([query for query in found if "set_config" not in query["sql"]])

    a_child("Ada", of=parent.guardian)
    Guardianship.objects.update(custody=EVEN)
    parent.client.get(page)
    one = asked()
    for name in ("Bo", "Cléo"):
        a_child(name, of=parent.guardian)
    Guardianship.objects.update(custody=EVEN)

    assert asked() == one


def test_who_opens_an_invitation_signed_out_is_told_that_it_waits() -> None:
    page = words(HostClient("a.localhost").get("/invitation", follow=True))

    assert "Vous êtes invité à vous occuper d’un enfant ici." in page
    assert "Créer un compte" in page
