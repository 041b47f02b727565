"""The public pages: what anybody finds, and how."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.moments import TORONTO
from tests.factories.organisation import a_level, an_establishment
from tests.portal.people import Parent, a_sale, an_article, words


@pytest.mark.line("S1-03")
def test_the_home_page_has_the_way_to_sign_in_at_its_top(client: HostClient) -> None:
    page = client.get("/").content.decode()

    assert page.index("Connexion") < page.index("<main")
    assert 'href="/connexion"' in page


@pytest.mark.line("S1-11")
def test_profile_and_sign_out_exist_only_for_who_is_signed_in(client: HostClient, parent: Parent) -> None:
    signed_in = words(parent.client.get("/"))
    signed_out = words(HostClient("a.localhost").get("/"))

    assert "Profil" in signed_in
    assert "Déconnexion" in signed_in
    assert "Profil" not in signed_out
    assert "Déconnexion" not in signed_out


def test_the_home_page_says_what_is_open_and_when_the_next_opens(client: HostClient) -> None:
    an_option(offering=an_offering("Macaroni"))
    an_option(offering=an_offering("Classe neige", opens_at=datetime(2035, 11, 25, 23, 0, tzinfo=UTC)))

    page = words(client.get("/"))

    assert page.index("Inscriptions ouvertes") < page.index("Macaroni") < page.index("Bientôt ouvertes")
    assert "Les inscriptions ouvrent le dimanche 25 novembre 2035 à 18 h." in page


@pytest.mark.line("S1-25")
def test_activities_and_campaigns_are_in_one_list(client: HostClient) -> None:
    an_option(offering=an_offering("Mont-Cascade"))
    an_article(a_sale(title="Macaroni"))

    page = words(client.get("/activites"))

    assert "Accueil Inscription aux activités et campagnes de financement Liste des activités" in page
    assert "2 activités trouvées" in page
    assert "Mont-Cascade" in page
    assert "Macaroni" in page


@pytest.mark.line("S1-26")
def test_the_filters_are_those_of_the_list(client: HostClient) -> None:
    a_level("2e année")
    an_establishment("École du Dôme")

    page = words(client.get("/activites"))

    for label in ("Tous les niveaux", "2e année", "Toutes les écoles", "École du Dôme", "Recherche par mots-clés"):
        assert label in page
    for name in ("level", "establishment", "keywords", "from", "until"):
        assert f'name="{name}"' in client.get("/activites").content.decode()


@pytest.mark.line("S1-26")
def test_the_address_of_a_filtered_list_can_be_shared(client: HostClient) -> None:
    school = an_establishment("École du Dôme", code="dome")
    an_option(offering=an_offering("Ici", establishments=[school]))
    an_option(offering=an_offering("Ailleurs", establishments=[an_establishment()]))

    page = client.get("/activites?establishment=dome&keywords=&from=&until=")

    assert "Ici" in words(page)
    assert "Ailleurs" not in words(page)
    assert 'value="dome" selected' in page.content.decode()


@pytest.mark.parametrize("query", ["from=hier", "until=2026-13-45", "level=%00", "ecole=inconnue", "enfant=x"])
def test_a_filter_that_means_nothing_breaks_nothing(client: HostClient, query: str) -> None:
    assert client.get(f"/activites?{query}").status_code == 200


def test_an_empty_list_says_what_to_change(client: HostClient) -> None:
    page = words(client.get("/activites?keywords=zzz"))

    assert "Aucune activité trouvée" in page
    assert "Retirez un filtre, changez les dates ou cherchez un autre mot." in page


@pytest.mark.line("S1-27")
def test_a_card_says_when_until_when_and_how_much(client: HostClient) -> None:
    offering = an_offering(
        "Mont-Cascade", slug="mont-cascade", starts_on=date(2035, 8, 22), deadline_on=date(2035, 8, 22)
    )
    an_option(offering=offering, price=550, places=12)

    page = words(client.get("/activites"))

    assert "Mercredi 22 août 2035" in page
    assert "Date limite pour l’inscription : mercredi 22 août 2035" in page
    assert "5,50 $" in page
    assert "12 places restantes" in page
    assert "Détails : Mont-Cascade" in page


def test_a_full_offering_says_so_on_its_card(client: HostClient) -> None:
    an_option(offering=an_offering("Mont-Cascade"), places=0)

    assert "Complet" in words(client.get("/activites"))


def test_a_school_has_its_own_landing_page_with_how_to_reach_it(client: HostClient) -> None:
    an_establishment("École du Dôme", code="dome", phone="819-555-0111", help_text="Demandez Mme Roy.")

    page = words(client.get("/activites?ecole=dome"))

    assert "École du Dôme" in page
    assert "819-555-0111" in page
    assert "Demandez Mme Roy." in page


@pytest.mark.line("S2-07")
def test_the_list_for_a_child_leaves_out_what_is_for_others(parent: Parent) -> None:
    second, sixth = a_level("2e année"), a_level("6e année")
    child = a_child("John", of=parent.guardian, level=second)
    an_option(offering=an_offering("Pour lui", levels=[second]))
    an_option(offering=an_offering("Pour les grands", levels=[sixth]))

    page = words(parent.client.get(f"/activites?enfant={child.id}"))

    assert "Pour lui" in page
    assert "Pour les grands" not in page


@pytest.mark.line("S1-31")
def test_the_presentation_is_a_letter_with_its_own_formatting(client: HostClient) -> None:
    offering = a_sale(
        presentation="Chers parents,\n\nLe coût est de **5,50 $**. <script>x</script>",
        refund_policy="Aucun remboursement individuel possible.",
    )
    an_article(offering)

    page = client.get(f"/activites/{offering.slug}").content.decode()

    assert "<strong>5,50 $</strong>" in page
    assert "<script>x" not in page


@pytest.mark.line("S1-39")
def test_an_offering_says_its_own_refund_policy(client: HostClient) -> None:
    offering = a_sale(refund_policy="Aucun remboursement individuel possible.")

    assert "Aucun remboursement individuel possible." in words(client.get(f"/activites/{offering.slug}"))


@pytest.mark.line("S3-15")
def test_an_offering_of_one_school_says_how_to_reach_that_school(client: HostClient) -> None:
    school = an_establishment("École du Dôme", phone="819-555-0111")
    offering = an_offering(establishments=[school])

    assert "Des questions ? École du Dôme 819-555-0111" in words(client.get(f"/activites/{offering.slug}"))


@pytest.mark.line("S3-35")
def test_an_offering_says_its_own_deadline(client: HostClient) -> None:
    offering = an_offering(deadline_on=date(2035, 8, 24))

    page = words(client.get(f"/activites/{offering.slug}"))

    assert "Date limite pour l’inscription : vendredi 24 août 2035" in page


@pytest.mark.line("S1-29")
def test_after_the_deadline_the_page_says_why_and_offers_no_button(client: HostClient) -> None:
    offering = an_offering(deadline_on=date(2022, 12, 16))
    an_option(offering=offering)

    page = words(client.get(f"/activites/{offering.slug}"))

    assert "La date limite, le vendredi 16 décembre 2022, est passée." in page
    assert f"/activites/{offering.slug}/inscription" not in client.get(f"/activites/{offering.slug}").content.decode()


@pytest.mark.line("S1-30")
def test_the_day_of_the_deadline_is_still_in_time(client: HostClient) -> None:
    offering = an_offering(deadline_on=clock.today(TORONTO), starts_on=clock.today(TORONTO))
    an_option(offering=offering)

    assert "S’inscrire" in words(client.get(f"/activites/{offering.slug}"))
    assert "est passée" not in words(client.get(f"/activites/{offering.slug}"))


def test_structured_data_cannot_end_its_own_block(client: HostClient) -> None:
    offering = an_offering("</script><b>Sortie", starts_on=clock.now().date() + timedelta(days=30))
    an_option(offering=offering)

    page = client.get(f"/activites/{offering.slug}").content.decode()
    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]

    assert '"name": "\\u003C/script\\u003E\\u003Cb\\u003ESortie"' in block


@pytest.mark.parametrize("page", ["", "/inscription", "/ajoute"])
def test_an_unknown_offering_is_not_found(client: HostClient, page: str) -> None:
    assert client.get(f"/activites/inconnue{page}").status_code == 404


def test_a_draft_is_not_found(client: HostClient) -> None:
    draft = an_offering(status="draft")

    assert client.get(f"/activites/{draft.slug}").status_code == 404


def test_the_list_asks_as_many_questions_for_thirty_offerings_as_for_one(client: HostClient) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/activites")
        return len(captured)

    asked()
    an_option(offering=an_offering(establishments=[an_establishment()], levels=[a_level()]), places=0)
    one = asked()
    for _ in range(29):
        offering = an_offering(establishments=[an_establishment()], levels=[a_level()])
        an_option(offering=offering, places=0)
        an_option(offering=offering)

    assert (one, asked()) == (19, 19)
    assert asked() == 4


def test_the_page_of_an_offering_asks_as_many_questions_for_ten_options_as_for_one(client: HostClient) -> None:
    def asked(slug: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/activites/{slug}")
        return len(captured)

    small, large = an_offering(), an_offering()
    an_option(offering=small)
    for _ in range(10):
        an_option(offering=large)
    asked(small.slug)

    assert asked(large.slug) == asked(small.slug)


def test_what_the_organisation_wrote_says_its_language_on_a_page_in_another(client: HostClient) -> None:
    an_option(offering=an_offering("Sortie au zoo"))
    client.cookies["django_language"] = "en"

    assert '<h2 lang="fr"><a' in client.get("/activites").content.decode()

    client.cookies["django_language"] = "fr"

    assert "<h2><a" in client.get("/activites").content.decode()
