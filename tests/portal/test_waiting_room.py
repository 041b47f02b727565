"""The waiting room as a family sees it, from before the opening to after its turn."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock, ids
from tenant_apps.openings import operations, ordering, progress
from tenant_apps.openings.models import Mode, Opening, Ticket
from tenant_apps.portal import waiting_room as rooms
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import an_organisation_profile
from tests.factories.queues import a_queue, a_turn
from tests.portal.people import Parent, a_parent, words

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    """What the process remembers of one test is no other's."""
    an_organisation_profile(contact_phone="450 555-0123")
    yield
    progress.forget()
    rooms.forget()


@pytest.fixture
def client(organisation_a: object, client: HostClient) -> HostClient:
    return client


def gathering(**columns: Any) -> Opening:
    at = clock.now()
    return a_queue(**{"name": "Camp de jour", "gathers_from": at - HOUR, "opens_at": at + HOUR, **columns})


def opened(**columns: Any) -> Opening:
    at = clock.now()
    return a_queue(
        **{
            "gathers_from": at - 2 * HOUR,
            "opens_at": at - MINUTE,
            "terms": {"counter_share": 0, "most_per_second": 4},
            **columns,
        }
    )


def address(opening: Opening) -> str:
    return reverse("waiting_room", args=[opening.id])


def turn_address(ticket: Ticket) -> str:
    return reverse("turn", args=[ticket.opening_id, ticket.id])


def do(client: HostClient, opening: Opening, what: str) -> Any:
    return client.post(address(opening), {"do": what})


class TestBefore:
    def test_a_visitor_is_told_when_it_opens_and_that_an_account_keeps_the_turn(self, client: HostClient) -> None:
        page = client.get(address(gathering()))

        assert "Les inscriptions ouvrent le" in words(page)
        assert "Il faut un compte pour garder votre tour" in words(page)
        assert "Prendre mon tour" not in words(page)

    def test_a_family_takes_one_turn_however_often_it_asks(self, client: HostClient) -> None:
        parent, opening = a_parent(client), gathering()
        assert "Prendre mon tour" in words(client.get(address(opening)))

        answers = [do(client, opening, "join") for _ in range(3)]

        assert [(each.status_code, each["Location"]) for each in answers] == [(303, address(opening))] * 3
        assert Ticket.objects.get().guardian == parent.guardian
        page = words(client.get(address(opening)))
        assert "Vous êtes dans la salle d’attente" in page
        assert ordering.commitment(opening.seed) in page
        assert opening.seed not in page

    def test_before_families_gather_there_is_nothing_to_take(self, client: HostClient) -> None:
        a_parent(client)
        opening = gathering(gathers_from=clock.now() + MINUTE)

        assert "Prendre mon tour" not in words(client.get(address(opening)))
        refused = client.post(address(opening), {"do": "join"}, follow=True)

        assert "La salle d’attente n’est pas encore ouverte." in words(refused)
        assert not Ticket.objects.exists()

    def test_a_guest_is_asked_to_sign_in_and_comes_back(self, client: HostClient) -> None:
        opening = gathering()

        answer = do(client, opening, "join")

        assert answer["Location"] == f"{reverse('account_login')}?next={address(opening)}"

    def test_a_draw_has_no_waiting_room_and_another_organisations_opening_does_not_exist(
        self, client: HostClient
    ) -> None:
        assert client.get(address(gathering(mode=Mode.LOTTERY))).status_code == 404
        assert client.get(reverse("waiting_room", args=[ids.uuid7()])).status_code == 404
        assert HostClient("b.localhost").get(address(gathering(name="Autre"))).status_code == 404

    def test_an_unknown_act_is_none(self, client: HostClient) -> None:
        a_parent(client)

        assert do(client, gathering(), "skip").status_code == 404


class TestTheTurn:
    def test_the_position_is_honest_and_the_seed_is_published(self, client: HostClient) -> None:
        parent, opening = a_parent(client), opened(terms={"counter_share": 0, "most_per_second": 0})
        before = opening.opens_at - MINUTE
        for _ in range(4):
            a_turn(opening, at=before)
        a_turn(opening, parent.guardian, at=before)

        page = words(client.get(address(opening)))

        ticket = Ticket.objects.get(guardian=parent.guardian)
        ahead = ticket.position - 1
        said = ["Vous êtes la prochaine famille.", "Une famille passe avant vous."]
        assert (said[ahead] if ahead < 2 else f"{ahead} familles passent avant vous.") in page
        assert opening.seed in page

    def test_who_is_called_enters_and_chooses_for_a_while(self, client: HostClient) -> None:
        parent, opening = a_parent(client), opened()
        a_turn(opening, parent.guardian, at=opening.opens_at - MINUTE)
        operations.draw(opening_id=opening.id, at=clock.now() - 2 * timedelta(seconds=1))
        assert "Entrer" in words(client.get(address(opening)))

        do(client, opening, "enter")

        page = words(client.get(address(opening)))
        assert "Choisissez jusqu’au" in page
        assert Ticket.objects.get().pass_until is not None

        do(client, opening, "finish")
        assert Ticket.objects.get().done_at is not None
        assert "J’ai terminé" not in words(client.get(address(opening)))

    def test_who_is_not_called_does_not_enter(self, client: HostClient) -> None:
        parent, opening = a_parent(client), opened(terms={"counter_share": 0, "most_per_second": 0})
        a_turn(opening, parent.guardian)

        refused = client.post(address(opening), {"do": "enter"}, follow=True)

        assert "Ce n’est pas encore votre tour." in words(refused)
        assert Ticket.objects.get().pass_until is None

    def test_a_pass_that_lapsed_is_taken_again_at_the_end(self, client: HostClient) -> None:
        parent, opening = a_parent(client), opened()
        a_turn(opening, parent.guardian)
        a_turn(opening)
        operations.draw(opening_id=opening.id, at=clock.now())
        Ticket.objects.filter(guardian=parent.guardian).update(pass_until=clock.now())
        assert "Reprendre mon tour" in words(client.get(address(opening)))

        do(client, opening, "join")

        assert Ticket.objects.get(guardian=parent.guardian).position == 3

    def test_who_leaves_has_no_turn(self, client: HostClient) -> None:
        parent, opening = a_parent(client), gathering()
        a_turn(opening, parent.guardian)

        do(client, opening, "leave")

        assert not Ticket.objects.exists()

    def test_once_it_is_over_everybody_registers(self, client: HostClient) -> None:
        a_parent(client)
        opening = opened(ended_at=clock.now())

        assert "Il n’y a plus de file d’attente" in words(client.get(address(opening)))
        assert "vous pouvez vous inscrire directement" in words(
            client.post(address(opening), {"do": "join"}, follow=True)
        )

    def test_what_opens_is_shown_with_the_places_that_are_left(self, client: HostClient) -> None:
        opening = gathering()
        an_option(offering=an_offering("Escalade", opening=opening), places=7)
        an_option(offering=an_offering("Autre chose"), places=3)

        page = words(client.get(address(opening)))

        assert "Escalade 7 places restantes" in page
        assert "Autre chose" not in page

    @pytest.mark.parametrize("offerings", [1, 3])
    def test_the_page_costs_the_same_few_queries(self, client: HostClient, offerings: int) -> None:
        parent, opening = a_parent(client), gathering()
        a_turn(opening, parent.guardian)
        for _ in range(offerings):
            an_option(offering=an_offering(opening=opening), places=7)
        client.get(address(opening))
        rooms.forget()

        with CaptureQueriesContext(connection) as captured:
            client.get(address(opening))

        assert len(captured) == 23


def test_the_familys_own_page_leads_back_to_its_turn(client: HostClient) -> None:
    parent, opening = a_parent(client), gathering()
    other = a_turn(gathering(name="Autre"))
    a_turn(opening, parent.guardian, at=clock.now())

    page = client.get(reverse("account")).content.decode()

    assert f'href="{address(opening)}"' in page
    assert f'href="{address(other.opening)}"' not in page


class TestTheOrder:
    def test_it_is_published_after_the_draw_and_anybody_makes_it_again(self, client: HostClient) -> None:
        opening = opened()
        for _ in range(5):
            a_turn(opening, at=opening.opens_at - MINUTE)
        address_of_order = reverse("queue_order", args=[opening.id])
        assert client.get(address_of_order).status_code == 404
        operations.draw(opening_id=opening.id, at=clock.now())
        a_turn(opening, at=clock.now())

        told = client.get(address_of_order).json()

        hashed = sorted(
            (each["turn"] for each in told["turns"]),
            key=lambda turn: hashlib.sha256(f"{told['seed']}:{turn}".encode()).hexdigest(),
        )
        assert [each["turn"] for each in told["turns"]] == hashed
        assert [each["position"] for each in told["turns"]] == [1, 2, 3, 4, 5]
        assert told["commitment"] == hashlib.sha256(opening.seed.encode()).hexdigest()


class TestAsking:
    def test_the_page_is_told_where_it_is_and_when_to_ask_again(self, client: HostClient) -> None:
        opening = gathering()
        ticket = a_turn(opening, at=clock.now())

        told = client.get(turn_address(ticket)).json()

        assert told["state"] == "gathering"
        assert 3590 <= told["left"] <= 3600
        assert 240 <= told["wait"] <= 248

    def test_it_draws_and_calls_without_any_page_being_looked_at(self, client: HostClient) -> None:
        opening = opened()
        tickets = [a_turn(opening, at=opening.opens_at - MINUTE) for _ in range(3)]
        operations.draw(opening_id=opening.id, at=clock.now() - timedelta(seconds=1))

        told = [client.get(turn_address(each)).json() for each in tickets]

        assert sorted(each["state"] for each in told) == ["called", "waiting", "waiting"]
        assert sorted(each["ahead"] for each in told if each["state"] == "waiting") == [0, 1]

    def test_a_turn_that_was_left_is_gone_and_one_of_another_opening_too(self, client: HostClient) -> None:
        ticket, other = a_turn(opened()), opened()

        assert client.get(reverse("turn", args=[other.id, ticket.id])).json() == {"state": "gone"}
        assert client.get(reverse("turn", args=[other.id, ids.uuid7()])).json() == {"state": "gone"}

    def test_after_the_end_there_is_nothing_to_wait_for(self, client: HostClient) -> None:
        opening = opened()
        ticket = a_turn(opening)
        Opening.objects.update(ended_at=clock.now())

        assert client.get(turn_address(ticket)).json() == {"state": "over"}


@pytest.mark.line("O-03")
class TestThePassAtTheDoor:
    def test_without_a_turn_the_form_leads_to_the_waiting_room(self, client: HostClient, parent: Parent) -> None:
        opening = opened()
        option = an_option(offering=an_offering("Escalade", opening=opening), places=7)
        page = client.get(reverse("register", args=[option.offering.slug]))

        assert "prenez votre tour dans la salle d’attente" in words(page)
        assert f'href="{address(opening)}"' in page.content.decode()

    def test_a_visitor_without_an_account_is_led_there_too(self, client: HostClient) -> None:
        opening = opened()
        offering = an_offering("Escalade", opening=opening, accepts_guests=True)
        an_option(offering=offering, places=7)

        page = client.get(reverse("register", args=[offering.slug]) + "?sans-compte=1")

        assert "prenez votre tour dans la salle d’attente" in words(page)
