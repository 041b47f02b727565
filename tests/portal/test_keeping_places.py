"""Keeping places longer, losing them, having them again, and finalising child by child (S4-34 to S4-39)."""

from datetime import datetime, timedelta

import pytest

from kernel import clock
from tenant_apps.catalog.models import Option
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import PlaceRequest, Registration
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.registrations import a_basket, a_hold
from tests.portal.people import Parent, a_camp, a_parent, held, words

LISTED = {"mode": "automatic", "offer_hours": 24, "on_refusal": "keep"}


def a_week(name: str = "Semaine 1", *, places: int = 5, **columns: object) -> Option:
    return an_option(name, offering=a_camp(title="Plaine", **columns), places=places, price=4500)


def a_held(parent: Parent, week: Option, child: str = "Lucie", ago: timedelta = timedelta()) -> Registration:
    """Held some time ago by this family."""
    at = clock.now() - ago
    return a_hold(week, basket=a_basket(parent.guardian), child=a_child(child, of=parent.guardian), at=at)


def a_lost(parent: Parent, week: Option, child: str = "Lucie") -> Registration:
    """Held for three days, four days ago; the sweep has passed."""
    line = a_held(parent, week, child)
    past = clock.now() - timedelta(minutes=5)
    Registration.objects.filter(id=line.id).update(held_until=past, created_at=past - timedelta(days=3))
    registrations.sweep(at=clock.now())
    return line


def renew(parent: Parent, shown: datetime | None = None):
    said = {"deadline": shown.isoformat()} if shown else {}
    return parent.client.post("/panier/prolonger", said, follow=True)


def until(line: Registration) -> datetime:
    line.refresh_from_db()
    return line.held_until


def test_places_are_kept_longer_by_one_press_and_the_page_says_how_often(parent: Parent) -> None:
    line = a_held(parent, a_week(hold_minutes=60, holding={"renewals": 2}), ago=timedelta(minutes=50))
    before = until(line)
    page = words(parent.client.get("/panier"))

    told = words(renew(parent, before))

    assert "Garder mes places plus longtemps" in page
    assert "Possible encore 2 fois" in page
    assert "Vos places sont gardées jusqu’au" in told
    assert "Garder mes places plus longtemps" not in told, "it would gain nothing yet"
    assert until(line) - clock.now() > timedelta(minutes=59)


def test_two_clicks_count_once(parent: Parent) -> None:
    line = a_held(parent, a_week(hold_minutes=60, holding={"renewals": 3}), ago=timedelta(minutes=50))
    shown = until(line)

    renew(parent, shown)
    after = until(line)
    renew(parent, shown)

    line.refresh_from_db()
    assert (line.held_until, line.renewals) == (after, 1)


def test_there_is_an_end_to_it(parent: Parent) -> None:
    line = a_held(parent, a_week(hold_minutes=60, holding={"renewals": 1}), ago=timedelta(minutes=50))
    renew(parent)
    Registration.objects.filter(id=line.id).update(held_until=clock.now() + timedelta(minutes=5))

    page = words(parent.client.get("/panier"))
    again = words(renew(parent))

    assert "Garder mes places plus longtemps" not in page
    assert "Places gardées jusqu’au" in again
    assert until(line) < clock.now() + timedelta(minutes=6)


@pytest.mark.parametrize("said", ["", "demain", "2035-01-01T00:00:00", "2026-02-30T10:00:00+00:00", "9" * 400])
def test_what_the_page_says_it_showed_may_be_anything(parent: Parent, said: str) -> None:
    a_held(parent, a_week(hold_minutes=60), ago=timedelta(minutes=50))

    assert parent.client.post("/panier/prolonger", {"deadline": said}).status_code == 303


@pytest.mark.parametrize("path", ["prolonger", "reprendre", "attendre"])
def test_a_stranger_may_press_what_they_like(client: HostClient, path: str) -> None:
    a_held(a_parent(HostClient("a.localhost")), a_week())

    assert client.post(f"/panier/{path}")["Location"] == "/panier"
    assert client.get(f"/panier/{path}").status_code == 405
    assert len(held()) == 1


def test_what_lapsed_is_named_and_taken_again_as_it_was(parent: Parent) -> None:
    line = a_lost(parent, a_week())
    page = words(parent.client.get("/panier"))

    told = words(parent.client.post("/panier/reprendre", follow=True))
    again = words(parent.client.post("/panier/reprendre", follow=True))

    assert "Le délai est écoulé pour ces places" in page
    assert "Lapointe Lucie, Plaine – Semaine 1 : encore libre" in page
    assert "M’inscrire en liste d’attente" not in page
    assert "Vos places sont de nouveau gardées." in told
    assert "Le délai est écoulé pour ces places" not in told
    assert "Plaine – Semaine 1" in again
    assert held() == [("Lapointe Lucie", "Semaine 1", 1)]
    assert Registration.objects.exclude(id=line.id).get().contact_email == line.contact_email


def test_what_another_family_has_taken_since_may_be_waited_for(parent: Parent) -> None:
    week = a_week(places=1, waiting=LISTED)
    a_lost(parent, week)
    a_hold(week, at=clock.now())
    page = words(parent.client.get("/panier"))

    told = words(parent.client.post("/panier/attendre", follow=True))
    after = words(parent.client.get("/panier"))

    assert "complet, avec une liste d’attente" in page
    assert "Reprendre ces places" not in page
    assert "1er en liste d’attente" in told
    assert "Le délai est écoulé pour ces places" not in after
    assert PlaceRequest.objects.count() == 1


def test_without_a_list_what_is_gone_is_only_named(parent: Parent) -> None:
    week = a_week(places=1)
    a_lost(parent, week)
    a_hold(week, at=clock.now())

    page = words(parent.client.get("/panier"))

    assert "Lapointe Lucie, Plaine – Semaine 1 : complet" in page
    assert "Reprendre ces places" not in page
    assert "M’inscrire en liste d’attente" not in page


def test_what_one_gave_up_oneself_is_not_called_lost(parent: Parent) -> None:
    line = a_held(parent, a_week())
    parent.client.post(f"/panier/supprimer/{line.id}")

    assert "Le délai est écoulé" not in words(parent.client.get("/panier"))


@pytest.mark.line("S4-37", "S4-38")
def test_the_home_page_leads_to_the_registrations_of_each_child(parent: Parent) -> None:
    week = a_week()
    assert "Finaliser mes inscriptions" not in words(parent.client.get("/"))
    a_held(parent, week)
    a_held(parent, week, "Hugo")

    home = parent.client.get("/")
    page = words(parent.client.get("/panier/finaliser"))

    assert 'href="/panier/finaliser"' in home.content.decode()
    assert page.index("Lapointe Hugo") < page.index("Lapointe Lucie")
    assert page.count("Plaine – Semaine 1") == 2
    assert "Total 90,00 $" in page
    assert "Valider" in page
    assert "Abandonner Lapointe Hugo" in page


@pytest.mark.line("S4-38", "S4-39")
def test_the_places_of_one_child_are_given_up_at_once_and_the_others_stay(parent: Parent) -> None:
    week = a_week(places=2)
    a_held(parent, week)
    hugo = a_held(parent, week, "Hugo").participant

    address = f"/panier/abandonner?enfant={hugo.id}"
    question = words(parent.client.get(address))
    told = words(parent.client.post(address, follow=True))

    assert "Hugo : abandonner ces inscriptions ?" in question
    assert "Les places de Hugo sont libérées." in told
    assert held() == [("Lapointe Lucie", "Semaine 1", 1)]
    a_hold(week, at=clock.now())


@pytest.mark.parametrize("said", ["", "autre", "6a3c6f9e-0000-7000-8000-000000000000"])
def test_nobody_in_particular_gives_nothing_up(parent: Parent, said: str) -> None:
    a_held(parent, a_week())

    assert parent.client.post(f"/panier/abandonner?enfant={said}")["Location"] == "/panier/finaliser"
    assert len(held()) == 1


def test_with_nothing_to_finalise_there_is_only_the_basket(parent: Parent) -> None:
    assert parent.client.get("/panier/finaliser")["Location"] == "/panier"


def test_the_queries_of_the_listing_do_not_grow_with_the_children(parent: Parent, django_assert_num_queries) -> None:
    week = a_week(places=9)
    a_held(parent, week)
    parent.client.get("/panier/finaliser")

    with django_assert_num_queries(QUERIES):
        parent.client.get("/panier/finaliser")
    a_held(parent, week, "Hugo")
    a_held(parent, week, "Zoé")
    with django_assert_num_queries(QUERIES):
        assert words(parent.client.get("/panier/finaliser")).count("Plaine – Semaine 1") == 3


@pytest.mark.line("S4-46")
def test_the_hold_stands_when_what_was_asked_before_it_stops_being_met(parent: Parent) -> None:
    """The condition is looked at when the place is taken; what is required later takes nothing away."""
    line = a_held(parent, a_week())
    line.option.offering.requirements = [{"kind": "form", "form": "fiche-sante"}]
    line.option.offering.save()

    kept = registrations.begin_check_out(basket_id=line.basket_id, at=clock.now())
    registrations.confirm(registration_id=line.id, at=clock.now())

    line.refresh_from_db()
    assert ([each.id for each in kept], line.status) == ([line.id], "confirmed")


QUERIES = 13


def test_who_pays_too_late_is_led_to_what_may_be_had_again(parent: Parent) -> None:
    a_lost(parent, a_week())

    answer = parent.client.get("/commande")

    assert (answer.status_code, answer["Location"]) == (303, "/panier")
    assert "Reprendre ces places" in words(parent.client.get("/panier"))


def test_nothing_is_called_kept_once_its_time_is_over(parent: Parent) -> None:
    line = a_held(parent, a_week())
    Registration.objects.filter(id=line.id).update(held_until=clock.now() - timedelta(seconds=1))

    for path in ("/panier", "/commande"):
        page = words(parent.client.get(path))
        assert ("Places gardées jusqu’au" in page, "Vos places ne sont plus gardées" in page) == (False, True), path
