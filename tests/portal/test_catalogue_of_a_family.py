"""The list as a family sees it: for each child, what they may take, and why not the rest."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from tenant_apps.catalog import shelf
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.moments import TORONTO
from tests.factories.organisation import a_level, an_establishment
from tests.portal.people import Parent, words

ADULTS = [{"kind": "age", "min": 18, "on": "today"}]


@pytest.mark.line("S2-07")
def test_the_list_of_a_child_can_show_the_rest_with_its_reasons(parent: Parent) -> None:
    child = a_child("Sarah", of=parent.guardian, birth_date=date(2018, 5, 1))
    an_option(offering=an_offering("Patin"))
    an_option(offering=an_offering("Yoga des grands", requirements=ADULTS))

    page = words(parent.client.get(f"/activites?enfant={child.id}"))
    everything = words(parent.client.get(f"/activites?enfant={child.id}&tous=on"))

    assert "1 activité trouvée" in page
    assert "1 activité n’est pas pour Sarah." in page
    assert "Yoga des grands" not in page
    assert "2 activités trouvées" in everything
    assert "Sarah est trop jeune" in everything


@pytest.mark.line("S2-06")
def test_a_search_within_a_child_stays_within_that_child(parent: Parent) -> None:
    child = a_child("Sarah", of=parent.guardian, birth_date=date(2018, 5, 1))
    an_option(offering=an_offering("Yoga des petits"))
    an_option(offering=an_offering("Yoga des grands", requirements=ADULTS))

    page = parent.client.get(f"/activites?enfant={child.id}&keywords=yoga")

    assert "Yoga des petits" in words(page)
    assert "Yoga des grands" not in words(page)

    assert f"?enfant={child.id}" in page.content.decode()


@pytest.mark.line("S3-06")
def test_the_list_says_for_which_of_the_children_each_is(parent: Parent) -> None:
    second, sixth = a_level("2e année"), a_level("6e année")
    a_child("Sarah", of=parent.guardian, level=second)
    a_child("Milo", of=parent.guardian, level=sixth)
    an_option(offering=an_offering("Sortie", levels=[second]))

    page = words(parent.client.get("/activites"))

    assert "Pour Sarah" in page
    assert "Pas pour Milo Cette activité est réservée à : 2e année." in page


def test_each_child_is_named_beside_a_reason_that_several_share(parent: Parent) -> None:
    for name in ("Sarah", "Milo"):
        a_child(name, of=parent.guardian, level=a_level("6e année"))
    an_option(offering=an_offering("Sortie", levels=[a_level("2e année")]))

    page = words(parent.client.get("/activites"))

    reason = "Cette activité est réservée à : 2e année."
    assert f"Sarah : {reason}" in page and f"Milo : {reason}" in page


def test_what_can_be_asked_for_is_not_said_to_be_for_others(parent: Parent) -> None:
    a_child("Sarah", of=parent.guardian, birth_date=date(2018, 5, 1))
    a_child("Milo", of=parent.guardian, birth_date=date(2001, 5, 1))
    offering = an_offering("Compétition", requirements=[{"kind": "approval"}, {"kind": "age", "max": 17}])
    an_option(offering=offering)

    card = words(parent.client.get("/activites"))
    assert "Pas pour Milo Milo a dépassé l’âge" in card
    assert "Une étape d’abord pour Sarah Sarah : demandez d’abord" in card

    page = words(parent.client.get(f"/activites/{offering.slug}"))
    assert "Demander une approbation pour Sarah" in page and "Demander une approbation pour Milo" not in page


def test_a_price_of_ones_own_is_shown(parent: Parent) -> None:
    child = a_child("Sarah", of=parent.guardian)
    rules = [{"kind": "early", "until_on": clock.today(TORONTO).isoformat(), "percent": -50}]
    an_option(offering=an_offering(pricing={"rules": rules}), price=1000)

    assert "5,00 $ Votre prix" in words(parent.client.get(f"/activites?enfant={child.id}"))


def test_the_list_costs_a_family_as_many_queries_for_thirty_as_for_one(parent: Parent) -> None:
    for name in ("Sarah", "Milo", "Zoé"):
        a_child(name, of=parent.guardian, birth_date=date(2018, 5, 1))

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            parent.client.get("/activites")
        return len(captured)

    def offered() -> None:
        offering = an_offering(
            establishments=[an_establishment()],
            levels=[a_level()],
            reserved_to_establishments=False,
            requirements=ADULTS,
            pricing={"rules": [{"kind": "residence", "residence": "resident", "percent": -50}]},
        )
        an_option(offering=offering, places=0)
        an_option(offering=offering)

    offered()
    asked()
    offered()
    after_a_change, kept = asked(), asked()
    for _ in range(28):
        offered()

    assert (asked(), asked()) == (after_a_change, kept)
    assert kept < after_a_change


def test_what_is_made_once_for_everybody_says_nothing_of_a_family(parent: Parent) -> None:
    child = a_child("Zéphyrine", of=parent.guardian, birth_date=date(2018, 5, 1))
    priced = {"rules": [{"kind": "early", "until_on": clock.today(TORONTO).isoformat(), "percent": -50}]}
    an_option(offering=an_offering("Pour elle", pricing=priced), price=1000, places=3)
    an_option(offering=an_offering("Pas pour elle", requirements=ADULTS))
    pages = [words(parent.client.get(address)) for address in ("/activites", f"/activites?enfant={child.id}&tous=on")]
    assert all("Zéphyrine" in page and "5,00 $ Votre prix" in page for page in pages)

    things = [each for _mark, kept in shelf._kept.values() for each in kept._things.values()]
    made = [each for each in things if isinstance(each, str)]

    assert any("Pas pour elle" in each for each in made)
    assert [each for each in made if re.search("Zéphyrine|5,00|Votre prix|Pas pour Z|trop jeune", each)] == []


def test_another_family_is_shown_its_own_prices_and_reasons(parent: Parent) -> None:
    a_child("Zéphyrine", of=parent.guardian, birth_date=date(2018, 5, 1))
    priced = {"rules": [{"kind": "early", "until_on": clock.today(TORONTO).isoformat(), "percent": -50}]}
    an_option(offering=an_offering(pricing=priced), price=1000)
    assert "5,00 $ Votre prix" in words(parent.client.get("/activites"))

    shown = words(HostClient("a.localhost").get("/activites"))

    assert "10,00 $" in shown and "Zéphyrine" not in shown and "Votre prix" not in shown


@pytest.mark.parametrize("query", ["vue=calendrier", "vue=calendrier&mois=9999-12", "vue=calendrier&mois=0000-00"])
def test_any_month_can_be_asked_for(parent: Parent, query: str) -> None:
    an_option(offering=an_offering())

    assert parent.client.get(f"/activites?{query}").status_code == 200


@pytest.mark.line("S3-25")
def test_the_calendar_has_the_days_of_options_and_the_hours_of_meetings(parent: Parent) -> None:
    camp = an_offering("Camp", nature="camp")
    an_option("Semaine 1", offering=camp, starts_on=date(2035, 7, 2), ends_on=date(2035, 7, 6))
    course = an_offering("Yoga", nature="course")
    an_option("Groupe A", offering=course, meetings=[{"on": "2035-07-03", "from": "18:00", "to": "19:30"}])

    page = words(parent.client.get("/activites?vue=calendrier&mois=2035-07"))

    assert "Juillet 2035" in page
    assert "Lundi 2 juillet 2035 Camp Semaine 1" in page
    assert "Mardi 3 juillet 2035 Camp Semaine 1 Yoga Groupe A 18:00–19:30" in page
    assert page.count("Semaine 1") == 5


def test_an_empty_list_says_what_each_filter_leaves_out(parent: Parent) -> None:
    school = an_establishment("École du Dôme", code="dome")
    an_offering("Ailleurs", establishments=[an_establishment()])
    assert school.code == "dome"

    page = parent.client.get("/activites?ecole=dome&keywords=ailleurs")

    assert "1 activité sans le filtre « École »" in words(page)
    assert 'href="/activites?keywords=ailleurs"' in page.content.decode()
