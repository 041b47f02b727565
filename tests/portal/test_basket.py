"""The basket: what is kept, until when, and how it is let go."""

from datetime import UTC, datetime, timedelta

import pytest

from kernel import clock
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.registrations import a_basket, a_hold
from tests.portal.people import CHILD, Parent, a_camp, a_parent, held, register_url, words


def a_held_week(parent: Parent, name: str = "Semaine 1", child: str = "Lucie", **columns: object) -> Registration:
    week = an_option(name, offering=a_camp(title="Plaine", **columns), places=5, price=4500)
    return a_hold(week, basket=a_basket(parent.guardian), child=a_child(child, of=parent.guardian), at=clock.now())


@pytest.mark.line("S2-09")
def test_after_adding_there_are_two_ways_out(parent: Parent) -> None:
    camp = a_camp(hold_minutes=30)
    week = an_option(offering=camp)

    page = parent.client.post(
        register_url(camp), {**CHILD, "contact-email": "a@b.example", "choix-options": str(week.id)}, follow=True
    )

    assert "Ajouté au panier" in words(page)
    assert 'href="/panier"><svg' in page.content.decode().replace("\n", "")
    assert "Retour aux inscriptions" in words(page)


@pytest.mark.line("S4-29", "S4-30", "S4-36")
def test_after_a_camp_one_goes_on_with_another_child_or_settles(parent: Parent) -> None:
    line = a_held_week(parent)

    page = words(parent.client.get(f"/activites/{line.option.offering.slug}/ajoute"))

    assert "Inscrire un autre enfant" in page
    assert "Régler mon panier" in page


@pytest.mark.line("S4-29", "S4-35")
def test_with_two_children_one_finalises_for_both(parent: Parent) -> None:
    line = a_held_week(parent)
    a_hold(line.option, basket=line.basket, child=a_child("Hugo", of=parent.guardian), at=clock.now())

    page = words(parent.client.get(f"/activites/{line.option.offering.slug}/ajoute"))

    assert "Finaliser mes inscriptions" in page


def test_who_reads_english_reads_names_in_english(parent: Parent) -> None:
    an_organisation_profile(languages=["fr", "en"])
    line = a_held_week(parent, translations={"en": {"title": "Summer camp"}})
    line.option.translations = {"en": {"name": "Week one"}}
    line.option.save()
    parent.client.cookies["django_language"] = "en"

    page = words(parent.client.get("/panier"))

    assert "Summer camp – Week one" in page
    assert ("Plaine" in page, "Semaine 1" in page) == (False, False)


@pytest.mark.line("S4-33", "S4-34")
def test_the_three_days_are_shown_as_a_date_and_an_hour(parent: Parent) -> None:
    line = a_held_week(parent)
    Registration.objects.filter(id=line.id).update(held_until=datetime(2035, 7, 9, 22, 30, tzinfo=UTC))

    page = words(parent.client.get("/panier"))

    assert line.held_until - line.created_at == timedelta(days=3)
    assert "lundi 9 juillet 2035 à 18 h 30" in page


def test_each_part_says_its_own_deadline_where_they_differ(parent: Parent) -> None:
    line = a_held_week(parent)
    other = a_hold(
        an_option(offering=a_camp(title="Danse")), basket=line.basket, child=line.participant, at=clock.now()
    )
    same = datetime(2035, 7, 9, 22, 30, tzinfo=UTC)
    Registration.objects.filter(basket=line.basket).update(held_until=same)
    assert words(parent.client.get("/panier")).count("lundi 9 juillet 2035 à 18 h 30") == 1

    Registration.objects.filter(id=other.id).update(held_until=same + timedelta(days=2))
    page = words(parent.client.get("/panier"))

    assert page.count("Gardé jusqu’au lundi 9 juillet 2035 à 18 h 30") == 1
    assert page.count("Gardé jusqu’au mercredi 11 juillet 2035 à 18 h 30") == 1


@pytest.mark.line("S2-10", "S4-38")
def test_the_basket_lists_each_childs_registrations(parent: Parent) -> None:
    line = a_held_week(parent)
    a_hold(line.option, basket=line.basket, child=a_child("Hugo", of=parent.guardian), at=clock.now())

    page = words(parent.client.get("/panier"))

    assert page.index("Lapointe Hugo") < page.index("Lapointe Lucie")
    assert page.count("Plaine – Semaine 1") == 2
    assert "Total 90,00 $" in page
    assert page.count("Supprimer Semaine 1") == 2
    assert "Abandonner" in page


def test_the_button_that_pays_wears_the_organisations_own_words(parent: Parent) -> None:
    an_organisation_profile(rules={"labels": {"checkout": {"fr": "Passer à la caisse"}}})
    a_held_week(parent)

    assert "Passer à la caisse" in words(parent.client.get("/panier"))


def test_each_payee_is_shown_with_its_own_amount(parent: Parent) -> None:
    a_held_week(parent, payee=a_payee("École A"))
    a_held_week(parent, child="Zoé", payee=a_payee("École B"))

    page = words(parent.client.get("/panier"))

    assert "École A 45,00 $ École B 45,00 $ Total 90,00 $" in page
    assert "Vous donnez votre carte une seule fois, et chaque destinataire est payé à part." in page


@pytest.mark.parametrize("is_separate", [False, True])
def test_two_payees_that_are_paid_by_one_consent_are_said_to_be(parent: Parent, is_separate: bool) -> None:
    an_organisation_profile(rules={"paying": {"methods": ["card"], "is_separate": is_separate}})
    a_held_week(parent, payee=a_payee("École A", processor_account="acct_a"))
    a_held_week(parent, child="Zoé", payee=a_payee("École B", processor_account="acct_b"))

    page = words(parent.client.get("/panier"))

    said = "2 paiements à faire, l’un après l’autre : un par destinataire."
    assert ("Vous donnez votre carte une seule fois" in page, said in page) == (not is_separate, is_separate)


@pytest.mark.line("S2-10")
def test_a_line_is_removed_and_its_place_freed(parent: Parent) -> None:
    line = a_held_week(parent)

    response = parent.client.post(f"/panier/supprimer/{line.id}", follow=True)

    assert "« Semaine 1 » a été retiré du panier." in words(response)
    assert "Votre panier est vide" in words(response)
    assert held() == []


def test_a_line_is_not_removed_by_following_a_link(parent: Parent) -> None:
    line = a_held_week(parent)

    assert parent.client.get(f"/panier/supprimer/{line.id}").status_code == 405
    assert len(held()) == 1


def test_another_familys_line_does_not_exist(parent: Parent) -> None:
    line = a_held_week(a_parent())

    assert parent.client.post(f"/panier/supprimer/{line.id}").status_code == 404
    assert len(held()) == 1


@pytest.mark.line("S4-38", "S4-39")
def test_everything_is_abandoned_after_a_question(parent: Parent) -> None:
    a_held_week(parent)

    question = parent.client.get("/panier/abandonner")
    still = held()
    parent.client.post("/panier/abandonner")

    assert "Abandonner tout le panier ?" in words(question)
    assert len(still) == 1
    assert held() == []


@pytest.mark.line("S4-37")
def test_finalising_is_offered_in_the_file_only_while_something_waits(parent: Parent) -> None:
    before = [words(parent.client.get(path)) for path in ("/", "/mon-dossier")]
    a_held_week(parent)
    after = [words(parent.client.get(path)) for path in ("/", "/mon-dossier")]

    assert not any("Finaliser mes inscriptions" in page for page in before)
    assert all("Finaliser mes inscriptions" in page for page in after)


def test_the_header_counts_what_waits(parent: Parent) -> None:
    a_held_week(parent)

    assert "Panier 1 article" in words(parent.client.get("/"))


def test_a_stranger_finds_an_empty_basket(client: HostClient) -> None:
    a_held_week(a_parent(HostClient("a.localhost")))

    assert "Votre panier est vide" in words(client.get("/panier"))


@pytest.mark.parametrize("path", ["/panier", "/commande", "/mon-dossier", "/profil"])
def test_personal_pages_are_kept_by_nobody(parent: Parent, path: str) -> None:
    assert "no-store" in parent.client.get(path)["Cache-Control"]


def test_articles_without_limit_are_an_order_kept_and_no_places(parent: Parent) -> None:
    article = an_option("Macaroni", offering=a_camp(title="Macaroni"))
    child = a_child(of=parent.guardian)
    a_hold(article, basket=a_basket(parent.guardian), child=child, at=clock.now())

    page = words(parent.client.get("/panier"))

    assert "Votre commande est gardée jusqu’au" in page
    assert "Places gardées" not in page


def test_places_are_said_to_be_kept_and_a_name_is_said_once(parent: Parent) -> None:
    a_held_week(parent, "plaine")

    page = words(parent.client.get("/panier"))

    assert "Places gardées jusqu’au" in page
    assert "Plaine – plaine" not in page
