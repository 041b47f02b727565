"""Registering a child: by whom, with what, and what is refused."""

from urllib.parse import quote

import pytest

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms.models import Submission
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.forms import a_consent, a_form
from tests.factories.organisation import a_level, an_establishment
from tests.families.links import a_link
from tests.portal.people import (
    CHILD,
    GUEST,
    Parent,
    a_camp,
    a_guest,
    a_parent,
    a_sale,
    an_article,
    held,
    quantities,
    register_url,
    words,
)

YES = {"autorisation-decision": "yes", "autorisation-signed_name": "Anne Lapointe"}


@pytest.mark.line("S1-13")
def test_signed_out_the_first_step_is_an_account_or_none(client: HostClient) -> None:
    offering = a_sale()
    an_article(offering)

    response = client.get(register_url(offering))

    page, source = words(response), response.content.decode()
    assert page.index("Continuer sans compte") < page.index("Vous avez déjà un compte ?")
    for said in (
        "Se connecter ou continuer sans compte",
        "Création de compte",
        "Vous avez déjà un compte ? Connectez-vous et accédez directement à vos informations.",
        "Courriel",
        "Mot de passe",
        "Restez connecté pour 14 jours",
        "Mot de passe oublié",
        "Pas un membre ? Inscrivez-vous !",
        "Continuer sans compte",
    ):
        assert said in page
    assert f'name="next" value="{register_url(offering)}"' in source


@pytest.mark.line("S1-10")
def test_the_first_step_says_why_an_account_helps(client: HostClient) -> None:
    offering = a_sale()

    page = words(client.get(register_url(offering)))

    assert "Les informations de vos enfants s’inscrivent toutes seules dans chaque fiche." in page
    assert "Vous suivez vos inscriptions et vos paiements." in page


def test_only_the_schools_that_an_offering_accepts_are_proposed(parent: Parent) -> None:
    ours = an_establishment("École du Lac")
    an_establishment("École des Pins")
    version = a_form(
        {"key": "last_name"}, {"key": "first_name"}, {"key": "establishment", "kind": "establishment", "label": "École"}
    )
    reserved = a_sale(registration_form=version.form, reserved_to_establishments=True, establishments=[ours])
    open_to_all = a_sale(registration_form=version.form, reserved_to_establishments=False, establishments=[ours])

    assert "École des Pins" not in words(parent.client.get(register_url(reserved)))
    assert "École du Lac" in words(parent.client.get(register_url(reserved)))
    assert "École des Pins" in words(parent.client.get(register_url(open_to_all)))


def test_a_question_that_ends_with_a_question_mark_is_followed_by_no_colon(parent: Parent) -> None:
    version = a_form({"key": "alone", "label": "Peut rentrer seul\u202f?", "required": True})
    offering = a_sale(registration_form=version.form)
    article = an_article(offering)

    response = parent.client.post(
        register_url(offering), {"contact-email": "anne@famille.example", **quantities((article, 1))}
    )

    assert "Il y a un problème Peut rentrer seul ? À remplir." in words(response)


def test_a_full_week_among_free_ones_is_named_calmly_and_in_the_mails_subject(parent: Parent) -> None:
    camp = a_camp(title="Plaine")
    an_option("Semaine 1", offering=camp, places=3)
    an_option("Semaine 2", offering=camp, places=0)

    response = parent.client.get(register_url(camp))

    source = response.content.decode()
    assert "Complet : Semaine 2" in words(response)
    assert "notice-info" in source
    assert "notice-error" not in source
    assert quote("Liste d’attente\u202f: Plaine – Semaine 2") in source


def test_when_everything_is_full_it_is_told_in_red(parent: Parent) -> None:
    camp = a_camp(title="Plaine")
    an_option("Semaine 1", offering=camp, places=0)

    source = parent.client.get(register_url(camp)).content.decode()

    assert "notice-error" in source
    assert "subject=" + quote("Liste d’attente\u202f: Plaine") + '"' in source


def test_where_guests_are_not_taken_there_is_no_way_without_an_account(client: HostClient) -> None:
    offering = a_sale(accepts_guests=False)

    page = words(client.get(f"/activites/{offering.slug}/inscription?sans-compte=1"))

    assert "Continuer sans compte" not in page
    assert "Un compte est nécessaire" in page


@pytest.mark.line("S1-09", "S1-33")
def test_a_guest_fills_in_the_form_by_hand_and_is_asked_once(client: HostClient) -> None:
    offering = a_sale()
    article = an_article(offering)

    client.get(register_url(offering) + "?sans-compte=1")
    response = client.post(register_url(offering), {**CHILD, **GUEST, **quantities((article, 2))})

    assert (response.status_code, response["Location"]) == (303, "/commande")
    assert held() == [("Lapointe John", "Macaroni", 2)]
    assert Guardian.objects.get().email == "anne@famille.example"


def test_a_guest_is_forgotten_when_the_browser_closes(client: HostClient) -> None:
    offering = a_sale()
    article = an_article(offering)

    a_guest(client).post(register_url(offering), {**CHILD, **GUEST, **quantities((article, 2))})

    assert client.cookies["session"]["max-age"] == ""


@pytest.mark.line("S1-32", "S1-24")
def test_a_parent_chooses_a_child_and_the_form_fills_itself(parent: Parent) -> None:
    offering = a_sale()
    an_article(offering)
    a_child("Ada", of=parent.guardian)
    john = a_child("John", of=parent.guardian, answers={"home_group": "601"})

    choice = words(parent.client.get(register_url(offering)))
    form = parent.client.get(register_url(offering, john.id)).content.decode()

    assert "Choisir un enfant :" in choice
    assert "Lapointe Ada" in choice
    assert 'value="John"' in form
    assert 'value="601"' in form


def test_an_only_child_is_chosen_beforehand(parent: Parent) -> None:
    offering = a_sale()
    a_child("John", of=parent.guardian)

    assert 'value="John"' in parent.client.get(register_url(offering)).content.decode()


def test_a_child_that_may_not_is_shown_locked_with_the_reason(parent: Parent) -> None:
    sixth = a_level("6e année")
    offering = a_sale(levels=[sixth])
    a_child("Ada", of=parent.guardian, level=a_level("2e année"))
    a_child("John", of=parent.guardian, level=sixth)

    page = words(parent.client.get(register_url(offering)))

    assert "Lapointe Ada Cette activité est réservée à : 6e année." in page


def test_another_familys_child_cannot_be_chosen(parent: Parent) -> None:
    offering = a_sale()
    article = an_article(offering)
    stranger = a_child("Bo")

    said = {**CHILD, "contact-email": "anne@famille.example", **quantities((article, 1))}

    page = parent.client.get(register_url(offering, stranger.id))
    parent.client.post(register_url(offering, stranger.id), said)

    assert 'value="Bo"' not in page.content.decode()
    assert held() == [("Lapointe John", "Macaroni", 1)]
    assert not Registration.objects.filter(participant=stranger).exists()


@pytest.mark.line("S1-34")
def test_an_offering_asks_its_own_questions_and_says_which_lack(parent: Parent) -> None:
    version = a_form(
        {"key": "last_name", "required": True},
        {"key": "first_name", "required": True},
        {"key": "teacher", "label": "Nom de l’enseignant", "required": True},
    )
    offering = a_sale(registration_form=version.form)
    article = an_article(offering)

    response = parent.client.post(
        register_url(offering), {**CHILD, "contact-email": "anne@famille.example", **quantities((article, 1))}
    )

    page = words(response)
    assert response.status_code == 200
    assert "Il y a un problème Nom de l’enseignant : À remplir." in page
    assert 'href="#id_teacher"' in response.content.decode()
    assert held() == []


@pytest.mark.line("S1-35")
def test_articles_are_a_table_with_unit_price_quantity_and_total(client: HostClient) -> None:
    offering = a_sale()
    for day in ("11 janvier 2023", "18 janvier 2023", "25 janvier 2023"):
        an_article(offering, day, description="MACARONI")

    page = words(a_guest(client).get(register_url(offering)))

    assert "Nom Description Prix unitaire Quantité Total 11 janvier 2023 MACARONI 5,50 $" in page
    assert page.count("0,00 $") == 4


@pytest.mark.line("S1-36")
def test_nothing_ordered_is_told_at_the_quantity(client: HostClient) -> None:
    offering = a_sale()
    article = an_article(offering)

    response = a_guest(client).post(register_url(offering), {**CHILD, **GUEST, **quantities((article, 0))})

    assert "Choisissez une quantité d’au moins 1 pour un article." in words(response)
    assert f'href="#id_choix-q-{article.id}"' in response.content.decode()
    assert held() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-1", "la quantité ne peut pas être négative."),
        ("beaucoup", "écrivez la quantité en chiffres, sans décimale."),
        ("1.5", "écrivez la quantité en chiffres, sans décimale."),
        ("11", "la quantité est de 10 au plus."),
        ("9" * 400, "la quantité est de 10 au plus."),
        ("1e3", "écrivez la quantité en chiffres, sans décimale."),
    ],
)
def test_a_wrong_quantity_is_told_and_nothing_typed_is_lost(client: HostClient, typed: str, said: str) -> None:
    offering = a_sale()
    article = an_article(offering)

    response = a_guest(client).post(register_url(offering), {**CHILD, **GUEST, **quantities((article, typed))})

    assert response.status_code == 200
    assert f"Macaroni : {said}" in words(response)
    assert 'value="John"' in response.content.decode()
    assert 'value="anne@famille.example"' in response.content.decode()
    assert held() == []


def test_an_article_of_another_offering_is_not_taken(client: HostClient) -> None:
    offering = a_sale()
    article, stranger = an_article(offering), an_article(a_sale(), "Ailleurs")

    a_guest(client).post(register_url(offering), {**CHILD, **GUEST, **quantities((article, 1), (stranger, 5))})

    assert held() == [("Lapointe John", "Macaroni", 1)]


@pytest.mark.parametrize("value", ["", "inconnu", "00000000-0000-0000-0000-000000000000", "\x00"])
def test_a_week_that_is_none_of_the_camps_is_told_at_the_choice(parent: Parent, value: str) -> None:
    camp = a_camp()
    an_option("Semaine 1", offering=camp)

    response = parent.client.post(
        register_url(camp), {**CHILD, "contact-email": "anne@famille.example", "choix-options": value}
    )

    assert response.status_code == 200
    assert "Il y a un problème" in words(response)
    assert held() == []


@pytest.mark.line("S4-26")
def test_several_weeks_are_taken_at_once(parent: Parent) -> None:
    camp = a_camp()
    weeks = [an_option(f"Semaine {number}", offering=camp, places=5) for number in (1, 2, 3)]
    child = a_child("Lucie", of=parent.guardian)

    response = parent.client.post(
        register_url(camp, child.id),
        {**CHILD, "contact-email": "a@b.example", "choix-options": [str(weeks[0].id), str(weeks[2].id)]},
    )

    assert (response.status_code, response["Location"]) == (303, f"/activites/{camp.slug}/ajoute")
    assert [name for _, name, _ in held()] == ["Semaine 1", "Semaine 3"]


@pytest.mark.line("S4-27")
def test_a_full_week_is_listed_disabled_with_the_reason(parent: Parent) -> None:
    camp = a_camp()
    an_option("Semaine 1", offering=camp, places=3)
    full = an_option("Semaine 2", offering=camp, places=0)

    response = parent.client.get(register_url(camp))

    source = response.content.decode()
    assert "3 places restantes" in words(response)
    assert "Complet : il ne reste plus de place." in words(response)
    assert "disabled" in source.split(f'value="{full.id}"')[1].split(">")[0]


@pytest.mark.line("S4-31", "S4-32")
def test_a_week_that_filled_up_meanwhile_is_named_and_nothing_is_taken(parent: Parent) -> None:
    camp = a_camp()
    free, full = an_option("Semaine 1", offering=camp, places=3), an_option("Semaine 2", offering=camp, places=1)
    parent.client.get(register_url(camp))
    registrations.set_capacity(option_id=full.id, capacity=0, actor=SYSTEM, at=clock.now())

    response = parent.client.post(
        register_url(camp),
        {**CHILD, "contact-email": "a@b.example", "choix-options": [str(free.id), str(full.id)]},
    )

    page = words(response)
    assert "Il ne reste plus assez de places : Semaine 2." in page
    assert "Pour être sur la liste d’attente, écrivez à l’adresse ci-dessous" in page
    assert "mailto:aide@example.org" in response.content.decode()
    assert 'class="field-error"' in response.content.decode()
    assert held() == []
    assert not Participant.objects.exists()


def test_a_form_sent_twice_takes_once(client: HostClient) -> None:
    offering = a_sale()
    article = an_article(offering)
    said = {**CHILD, **GUEST, **quantities((article, 2))}

    a_guest(client).post(register_url(offering), said)
    client.post(register_url(offering, "autre"), {**said, "contact-email": "anne@famille.example"})

    assert held() == [("Lapointe John", "Macaroni", 2)]
    assert Participant.objects.count() == 1


def test_modifying_shows_what_was_chosen_and_replaces_it(client: HostClient) -> None:
    offering = a_sale()
    first, second = an_article(offering, "11 janvier"), an_article(offering, "18 janvier")
    a_guest(client).post(register_url(offering), {**CHILD, **GUEST, "home_group": "601", **quantities((first, 2))})
    child = Participant.objects.get()

    again = client.get(register_url(offering, child.id)).content.decode()
    client.post(
        register_url(offering, child.id),
        {**CHILD, "contact-email": "anne@famille.example", **quantities((first, 0), (second, 1))},
    )

    assert 'value="601"' in again
    assert f'name="choix-q-{first.id}" value="2"' in again
    assert held() == [("Lapointe John", "18 janvier", 1)]


def test_the_places_that_one_holds_oneself_can_be_taken_again(parent: Parent) -> None:
    camp = a_camp()
    week = an_option("Semaine 1", offering=camp, places=1)
    said = {**CHILD, "contact-email": "a@b.example", "choix-options": str(week.id)}
    parent.client.post(register_url(camp), said)
    child = Participant.objects.get()

    page = parent.client.get(register_url(camp, child.id)).content.decode()
    response = parent.client.post(register_url(camp, child.id), said)

    assert "disabled" not in page.split(f'value="{week.id}"')[1].split(">")[0]
    assert response.status_code == 303
    assert held() == [("Lapointe John", "Semaine 1", 1)]


@pytest.mark.line("S3-04")
def test_an_authorization_is_signed_with_the_registration(parent: Parent) -> None:
    outing = an_offering(selection="one", consent_form=a_consent().form)
    option = an_option("24 août", offering=outing)
    child = a_child("John", of=parent.guardian)

    parent.client.post(
        register_url(outing, child.id), {"contact-email": "a@b.example", "choix-options": str(option.id), **YES}
    )

    signed = Submission.objects.get(decision="yes")
    assert (signed.signed_name, signed.participant, signed.signer) == ("Anne Lapointe", child, parent.guardian)
    assert Registration.objects.get().consent == signed


@pytest.mark.line("S3-27")
def test_a_refusal_is_kept_and_takes_no_place(parent: Parent) -> None:
    outing = an_offering("Musée", selection="one", consent_form=a_consent().form)
    an_option("24 août", offering=outing)
    child = a_child("John", of=parent.guardian)

    response = parent.client.post(
        register_url(outing, child.id),
        {"contact-email": "a@b.example", **YES, "autorisation-decision": "no"},
        follow=True,
    )

    assert "Votre refus est enregistré : John ne participera pas à « Musée »." in words(response)
    assert Submission.objects.get().decision == "no"
    assert held() == []


@pytest.mark.line("S3-27")
def test_without_a_signature_there_is_no_registration(parent: Parent) -> None:
    outing = an_offering(selection="one", consent_form=a_consent().form)
    option = an_option(offering=outing)
    child = a_child("John", of=parent.guardian)

    response = parent.client.post(
        register_url(outing, child.id), {"contact-email": "a@b.example", "choix-options": str(option.id)}
    )

    page = words(response)
    assert "Indiquez si vous autorisez ou non." in page
    assert "Écrivez votre prénom et votre nom pour signer." in page
    assert held() == []


def test_a_refusal_lets_go_of_what_was_held(parent: Parent) -> None:
    outing = an_offering(selection="one", consent_form=a_consent().form)
    option = an_option("24 août", offering=outing)
    child = a_child("John", of=parent.guardian)
    said = {"contact-email": "a@b.example", "choix-options": str(option.id), **YES}
    parent.client.post(register_url(outing, child.id), said)

    parent.client.post(register_url(outing, child.id), {**said, "autorisation-decision": "no"})

    assert held() == []


def test_a_refusal_lets_go_of_what_the_other_parent_held(parent: Parent) -> None:
    outing = an_offering(selection="one", consent_form=a_consent().form)
    option = an_option("24 août", offering=outing)
    child, father = a_child("John", of=parent.guardian), a_parent(HostClient("a.localhost"))
    a_link(father.guardian, child)
    said = {"contact-email": "a@b.example", "choix-options": str(option.id), **YES}
    parent.client.post(register_url(outing, child.id), said)
    assert len(held()) == 1

    father.client.post(register_url(outing, child.id), {**said, "autorisation-decision": "no"})

    assert held() == []


def test_a_wrong_address_is_told_at_the_field(client: HostClient) -> None:
    offering = a_sale()
    article = an_article(offering)

    response = a_guest(client).post(
        register_url(offering), {**CHILD, **GUEST, "contact-email": "anne@", **quantities((article, 1))}
    )

    assert "Écrivez un courriel complet, comme nom@exemple.org." in words(response)
    assert 'value="anne@"' in response.content.decode()


def test_a_typed_child_of_the_wrong_level_is_refused_at_the_level(parent: Parent) -> None:
    sixth, second = a_level("6e année"), a_level("2e année")
    version = a_form(
        {"key": "last_name", "required": True},
        {"key": "first_name", "required": True},
        {"key": "level", "kind": "level", "label": "Niveau scolaire", "required": True},
    )
    offering = a_sale(levels=[sixth], registration_form=version.form)
    article = an_article(offering)

    response = parent.client.post(
        register_url(offering),
        {**CHILD, "level": str(second.id), "contact-email": "a@b.example", **quantities((article, 1))},
    )

    assert "Niveau scolaire : Cette activité est réservée à : 6e année." in words(response)
    assert held() == []


def test_before_the_opening_the_form_is_closed_and_says_when(client: HostClient) -> None:
    offering = a_sale(opens_at=clock.now().replace(year=2035, month=11, day=25, hour=23, minute=0))
    article = an_article(offering)

    response = a_guest(client).post(register_url(offering), {**CHILD, **GUEST, **quantities((article, 1))})

    assert "Les inscriptions ouvrent le dimanche 25 novembre 2035 à 18 h." in words(response)
    assert held() == []


def test_what_a_registration_holds_is_another_familys_nothing(client: HostClient) -> None:
    offering = a_sale()
    article = an_article(offering)
    a_guest(client).post(register_url(offering), {**CHILD, **GUEST, **quantities((article, 1))})
    child = Participant.objects.get()

    other = a_parent(HostClient("a.localhost"))
    page = other.client.get(register_url(offering, child.id)).content.decode()

    assert 'value="John"' not in page
