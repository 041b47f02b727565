"""The weeks of a camp: one choice for each, what is for another age explained, what one has already shown."""

from datetime import date, timedelta

import pytest

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.families.models import Participant
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.organisation import a_level
from tests.portal.people import Parent, a_camp, held, register_url, words

MONDAY = date(2099, 7, 6)
CHILD = {"last_name": "Lapointe", "first_name": "Hugo"}
CONTACT = {"contact-email": "anne@famille.example"}


def a_weekly_camp(**columns: object) -> Offering:
    return a_camp(**{"selection": "per_week", "title": "Plaine d’été", **columns})


def a_week(camp: Offering, name: str, number: int = 1, **columns: object) -> Option:
    monday = MONDAY + timedelta(weeks=number - 1)
    return an_option(name, offering=camp, **{"starts_on": monday, "ends_on": monday + timedelta(days=4), **columns})


def choices(*options: Option) -> dict[str, str]:
    return {f"choix-s-{option.starts_on}": str(option.id) for option in options}


def register(parent: Parent, camp: Offering, child: Participant, *options: Option):
    return parent.client.post(register_url(camp, child.id), {**CHILD, **CONTACT, **choices(*options)})


@pytest.fixture
def hugo(parent: Parent) -> Participant:
    return a_child("Hugo", of=parent.guardian)


@pytest.mark.line("S4-27")
def test_each_week_says_its_number_its_days_and_what_it_holds(parent: Parent, hugo: Participant) -> None:
    camp = a_weekly_camp()
    a_week(camp, "Trappeurs", places=3)
    a_week(camp, "Cirque", 2, places=0)

    page = words(parent.client.get(register_url(camp, hugo.id)))

    assert "Semaine 1 du lundi 6 juillet au vendredi 10 juillet 2099 Trappeurs 5,50 $ 3 places restantes" in page
    assert "Semaine 2 du lundi 13 juillet au vendredi 17 juillet 2099 Cirque 5,50 $ Complet" in page
    assert page.count("Aucune") == 2


def test_one_of_each_week_is_taken_and_the_others_left(parent: Parent, hugo: Participant) -> None:
    camp = a_weekly_camp()
    first, _, third = (a_week(camp, name, number) for number, name in enumerate(("Trappeurs", "Cirque", "Radio"), 1))

    response = register(parent, camp, hugo, first, third)

    assert (response.status_code, response["Location"]) == (303, f"/activites/{camp.slug}/ajoute")
    assert [name for _, name, _ in held()] == ["Radio", "Trappeurs"]


def test_two_of_the_same_week_cannot_be_sent(parent: Parent, hugo: Participant) -> None:
    camp = a_weekly_camp()
    a_week(camp, "Trappeurs")
    second = a_week(camp, "Radio")

    register(parent, camp, hugo, second)
    register(parent, camp, hugo, second)

    assert [name for _, name, _ in held()] == ["Radio"]


def test_no_week_at_all_is_told_at_the_first(parent: Parent, hugo: Participant) -> None:
    camp = a_weekly_camp()
    a_week(camp, "Trappeurs")

    response = parent.client.post(register_url(camp, hugo.id), {**CHILD, **CONTACT})

    assert "Semaine du 6 juillet 2099 : Choisissez au moins une semaine." in words(response)
    assert f'href="#id_choix-s-{MONDAY}_0"' in response.content.decode()
    assert f'id="id_choix-s-{MONDAY}_0"' in response.content.decode()
    assert held() == []


def test_a_week_of_another_camp_is_refused_at_its_week(parent: Parent, hugo: Participant) -> None:
    camp = a_weekly_camp()
    mine = a_week(camp, "Trappeurs")
    stranger = a_week(a_weekly_camp(), "Ailleurs")

    response = parent.client.post(
        register_url(camp, hugo.id), {**CHILD, **CONTACT, f"choix-s-{mine.starts_on}": str(stranger.id)}
    )

    assert "Ce choix n’est plus offert. Choisissez-en un autre." in words(response)
    assert held() == []


@pytest.mark.line("S4-27")
def test_what_is_for_another_age_is_explained_and_not_offered(parent: Parent) -> None:
    camp, third, sixth = a_weekly_camp(), a_level("3e primaire"), a_level("6e primaire")
    child = a_child("Hugo", of=parent.guardian, level=third)
    a_week(camp, "Trappeurs", requirements=[{"kind": "level", "levels": [third.code]}])
    older = a_week(camp, "Raid à vélo", requirements=[{"kind": "level", "levels": [sixth.code]}])

    response = parent.client.get(register_url(camp, child.id))

    page = words(response)
    assert "1 autre choix cette semaine-là, pour d’autres enfants" in page
    assert "Raid à vélo Cette activité est réservée à : 6e primaire." in page
    assert str(older.id) not in response.content.decode()


@pytest.mark.line("S4-31", "S4-32")
def test_a_week_that_filled_up_is_named_in_red_at_its_week_and_all_else_is_kept(
    parent: Parent, hugo: Participant
) -> None:
    camp = a_weekly_camp()
    free, full = a_week(camp, "Trappeurs", places=3), a_week(camp, "Cirque", 2, places=1)
    registrations.set_capacity(option_id=full.id, capacity=0, actor=SYSTEM, at=clock.now())

    response = register(parent, camp, hugo, free, full)

    source = response.content.decode()
    assert "Semaine du 13 juillet 2099 : Il ne reste plus assez de places : Cirque." in words(response)
    assert f'href="#id_choix-s-{full.starts_on}_0"' in source
    assert "mailto:aide@example.org" in source
    assert " checked" in source.split(f'value="{free.id}"')[1].split(">")[0]
    assert 'value="anne@famille.example"' in source
    assert held() == []


def test_what_a_child_has_already_is_said_and_cannot_be_taken_again(parent: Parent, hugo: Participant) -> None:
    camp = a_weekly_camp()
    had, other = a_week(camp, "Trappeurs"), a_week(camp, "Cirque", 2)
    register(parent, camp, hugo, had)
    registrations.confirm(registration_id=Registration.objects.get().id, at=clock.now())

    response = parent.client.get(register_url(camp, hugo.id))
    register(parent, camp, hugo, had, other)

    source = response.content.decode()
    assert "Déjà dans vos inscriptions." in words(response)
    assert "disabled" in source.split(f'value="{had.id}"')[1].split(">")[0]


@pytest.mark.line("S4-28", "S4-29")
def test_what_the_child_has_is_shown_after_choosing_with_two_ways_on(parent: Parent, hugo: Participant) -> None:
    earlier, camp = a_weekly_camp(title="Plaine de carnaval"), a_weekly_camp()
    had, chosen = a_week(earlier, "Masques", 3), a_week(camp, "Trappeurs")
    register(parent, earlier, hugo, had)
    registrations.confirm(registration_id=Registration.objects.get().id, at=clock.now())
    register(parent, camp, hugo, chosen)

    page = words(parent.client.get(f"/activites/{camp.slug}/ajoute"))

    history = page[page.index("Inscriptions : Hugo") :]
    assert history.index("Plaine d’été – Trappeurs Dans le panier") < history.index("Plaine de carnaval – Masques")
    assert "Plaine de carnaval – Masques Confirmée" in history
    assert "Régler mon panier" in page
    assert "Inscrire un autre enfant" in page


def test_another_guardian_s_registrations_are_not_in_this_history(client: HostClient, parent: Parent) -> None:
    camp = a_weekly_camp()
    mine, theirs = a_child("Hugo", of=parent.guardian), a_child("Bo")
    register(parent, camp, mine, a_week(camp, "Trappeurs"))

    page = words(parent.client.get(f"/activites/{camp.slug}/ajoute"))

    assert theirs.first_name not in page


@pytest.mark.parametrize("weeks", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_weeks(
    parent: Parent, hugo: Participant, weeks: int, django_assert_num_queries
) -> None:
    camp = a_weekly_camp()
    for number in range(1, weeks + 1):
        a_week(camp, f"Thème {number}", number, places=5)
    parent.client.get(register_url(camp, hugo.id))

    with django_assert_num_queries(QUERIES):
        parent.client.get(register_url(camp, hugo.id))


QUERIES = 26


def test_a_choice_does_not_say_its_week_again_under_the_heading_of_that_week(parent: Parent) -> None:
    camp = a_weekly_camp(registration_form=None)
    a_week(camp, "Semaine 1 – Petits")
    a_week(camp, "Semaine 2", number=2)
    ada = a_child("Ada", of=parent.guardian)

    for page in (f"/activites/{camp.slug}", register_url(camp, ada.id)):
        shown = words(parent.client.get(page))
        assert ("Semaine 1 – Petits" in shown, "Petits" in shown, shown.count("Semaine 2")) == (False, True, 2)
