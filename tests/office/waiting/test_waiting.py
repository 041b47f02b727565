"""The waiting list of an offering in the workplace: in order, by scope, and what staff may do about it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.office.scope import CHANGES, FAMILIES, FAMILIES_CHANGE
from tenant_apps.organisation.models import Establishment, Role
from tenant_apps.registrations import waiting
from tenant_apps.registrations.models import PlaceRequest, RequestStatus
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.registrations import a_claim, a_hold
from tests.office.conftest import SignIn
from tests.office.editor.pages import url
from tests.portal.people import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(as_staff: SignIn) -> HostClient:
    return as_staff(Role.PROGRAMME_MANAGER)


def a_full_camp(mode: str = "automatic", places: int = 1, **columns: object) -> tuple[Offering, Option]:
    """Held for a year, so that nothing lapses by the clock of now."""
    told = {"hold_minutes": 60 * 24 * 90, "waiting": {"mode": mode, "offer_hours": 24, "on_refusal": "keep"}, **columns}
    offering = an_offering("Camp", **told)
    option = an_option("Semaine 1", offering=offering, places=places, price=0, maximum_quantity=5)
    for _place in range(places):
        a_hold(option, at=clock.now())
    return offering, option


def ask(option: Option, *names: str, school: Establishment | None = None) -> PlaceRequest:
    """Of a new family; several children ask together."""
    guardian = a_guardian(last_name=names[0])
    children = [a_child(name, of=guardian, establishment=school) for name in names]
    [request] = waiting.ask(
        guardian_id=guardian.id,
        claims=[a_claim(child, option) for child in children],
        together=len(names) > 1,
        actor=SYSTEM,
        at=clock.now(),
    )
    return request


def asked(client: HostClient, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def status(request: PlaceRequest) -> str:
    request.refresh_from_db()
    return request.status


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_the_list_and_who_decides(as_staff: SignIn, role: str) -> None:
    offering, option = a_full_camp("manual")
    request, client = ask(option, "Ada"), as_staff(role)
    read = [client.get(url(name, offering.slug)).status_code for name in ("waiting", "waiting_csv")]
    # A secretary without a school knows no child: there is nothing for her to decide.
    asked_to = client.get(url("waiting_remove", offering.slug, request.pk)).status_code

    assert read == [200 if role in FAMILIES else 403] * 2
    known = 404 if role == Role.SECRETARY else 200
    assert asked_to == (known if role in FAMILIES_CHANGE else 403)


def test_it_is_in_order_with_ranks_and_what_is_short(manager: HostClient) -> None:
    offering, option = a_full_camp("manual", places=2)
    ask(option, "Ada", "Bo")
    ask(option, "Cleo")
    manager.post(url("capacity", offering.slug, option.pk), {"capacity": "3"})

    page = manager.get(url("waiting", offering.slug))

    rows = page.context["rows"]
    assert [[str(each.registration.participant) for each in row.wanted] for row in rows] == [
        ["Lapointe Ada", "Lapointe Bo"],
        ["Lapointe Cleo"],
    ]
    assert [[each.rank for each in row.wanted] for row in rows] == [[1, 1], [2]]
    assert [row.short for row in rows] == [["Semaine 1\u202f: il faut 2 places, 1 est libre."], []]
    assert "Ensemble" in words(page) and "vous les proposez vous-même" in words(page)


def test_a_place_is_offered_by_hand_unless_places_are_short(manager: HostClient) -> None:
    offering, option = a_full_camp("manual", places=2)
    pair, alone = ask(option, "Ada", "Bo"), ask(option, "Cleo")
    manager.post(url("capacity", offering.slug, option.pk), {"capacity": "3"})

    refused = manager.post(url("waiting_offer", offering.slug, pair.pk), follow=True)
    offered = manager.post(url("waiting_offer", offering.slug, alone.pk), follow=True)

    assert "il faut 2 places, 1 est libre" in words(refused) and "proposée à Cleo Marie" in words(offered)
    assert (status(pair), status(alone)) == (RequestStatus.WAITING, RequestStatus.OFFERED)
    assert "Réponse avant le" in words(manager.get(url("waiting", offering.slug)))


def test_more_places_go_to_who_waits_and_the_page_says_to_how_many(manager: HostClient) -> None:
    offering, option = a_full_camp()
    requests = [ask(option, name) for name in ("Ada", "Bo", "Cleo")]

    answer = manager.post(url("capacity", offering.slug, option.pk), {"capacity": "3", "back": "waiting"}, follow=True)

    assert "2 demandes de la liste d’attente sont servies." in words(answer)
    assert answer.redirect_chain[0][0] == url("waiting", offering.slug)
    assert [status(each) for each in requests] == ["offered", "offered", "waiting"]


def test_fewer_places_than_are_taken_are_refused_with_what_was_typed(manager: HostClient) -> None:
    offering, option = a_full_camp(places=2)

    answer = manager.post(url("capacity", offering.slug, option.pk), {"capacity": "1"})

    assert (answer.status_code, 'value="1"' in answer.content.decode()) == (422, True)


def test_fewer_places_than_are_taken_are_mended_without_leaving_the_list(manager: HostClient) -> None:
    offering, option = a_full_camp(places=2)
    address = url("capacity", offering.slug, option.pk)

    refused = manager.post(address, {"capacity": "1", "back": "waiting"})

    assert "Places déjà prises : 2." in words(refused)
    assert f'href="{url("waiting", offering.slug)}"' in refused.content.decode()
    assert 'name="back" value="waiting"' in refused.content.decode()
    assert manager.post(address, {"capacity": "2", "back": "waiting"}).url == url("waiting", offering.slug)


def test_a_place_that_is_kept_for_a_pair_is_said_to_be(manager: HostClient) -> None:
    offering, option = a_full_camp()
    ask(option, "Ada", "Bo")
    manager.post(url("capacity", offering.slug, option.pk), {"capacity": "2"})

    for name in ("waiting", "offering"):
        assert "Complet 1 mise de côté pour la liste d’attente" in words(manager.get(url(name, offering.slug)))
    assert "Ajoutez des places, ou retirez la demande" in words(manager.get(url("waiting", offering.slug)))


def test_a_secretary_whose_children_do_not_wait_is_not_told_that_nobody_does(
    as_staff: SignIn, manager: HostClient
) -> None:
    offering, option = a_full_camp()
    nobody = words(manager.get(url("waiting", offering.slug)))
    ask(option, "Ada", school=Establishment.objects.create(name="Saint-Luc", code="b"))
    hers = Establishment.objects.create(name="Sainte-Anne", code="a")

    page = words(as_staff(Role.SECRETARY, hers).get(url("waiting", offering.slug)))

    assert "Personne n’attend." in nobody
    assert "Personne de vos établissements n’attend." in page and "Personne n’attend." not in page


def test_who_is_removed_is_removed_for_a_reason(manager: HostClient) -> None:
    offering, option = a_full_camp()
    request = ask(option, "Ada")
    address = url("waiting_remove", offering.slug, request.pk)

    silent = manager.post(address, {"reason": " "})
    kept = status(request)
    manager.post(address, {"reason": "A déménagé."})

    assert (silent.status_code, kept, status(request)) == (422, RequestStatus.WAITING, RequestStatus.LEFT)
    assert Entry.objects.get(action="registrations.request_removed").details == {"reason": "A déménagé."}
    assert manager.get(address).status_code == 404


def test_a_secretary_sees_who_has_no_school_and_waits_for_her_own_place(as_staff: SignIn) -> None:
    hers, other = (Establishment.objects.create(name=name, code=name) for name in ("Centre", "Bois"))
    offering, option = a_full_camp(establishments=[hers], reserved_to_establishments=False)
    ask(option, "Ada")

    [row] = as_staff(Role.SECRETARY, hers).get(url("waiting", offering.slug)).context["rows"]

    assert str(row.wanted[0].registration.participant) == "Lapointe Ada"
    assert as_staff(Role.SECRETARY, other).get(url("waiting", offering.slug)).status_code == 404


def test_a_secretary_decides_for_her_own_school_alone(as_staff: SignIn) -> None:
    hers, other = (
        Establishment.objects.create(name="Sainte-Anne", code="a"),
        Establishment.objects.create(name="Saint-Luc", code="b"),
    )
    offering, option = a_full_camp("manual", places=1)
    own, foreign = ask(option, "Ada", school=hers), ask(option, "Bo", school=other)
    guardian = a_guardian(last_name="Mixte")
    children = [a_child("Cleo", of=guardian, establishment=hers), a_child("Dan", of=guardian, establishment=other)]
    claims = [a_claim(child, option) for child in children]
    [mixed] = waiting.ask(guardian_id=guardian.id, claims=claims, together=True, actor=SYSTEM, at=clock.now())
    secretary = as_staff(Role.SECRETARY, hers)

    page = words(secretary.get(url("waiting", offering.slug)))
    answers = [
        secretary.get(url("waiting_remove", offering.slug, each.pk)).status_code for each in (own, foreign, mixed)
    ]

    assert answers == [200, 404, 404]
    assert ("Ada" in page, "Lapointe Bo" in page, "Cleo" in page, "Dan" in page) == (True, False, True, False)
    assert "et 1 enfant d’un autre établissement" in page
    assert "Dan" not in secretary.get(url("waiting_csv", offering.slug)).content.decode()


def test_the_table_has_a_line_for_each_place_asked(manager: HostClient) -> None:
    offering, option = a_full_camp()
    ask(option, "Ada", "Bo")

    lines = manager.get(url("waiting_csv", offering.slug)).content.decode("utf-8-sig").splitlines()

    assert lines[0] == "Rang;Choix;Participant;Quantité;Ensemble;Parent;Courriel;Depuis le;État;Réponse avant le"
    assert [line.split(";")[:6] for line in lines[1:]] == [
        ["1", "Semaine 1", "Lapointe Ada", "1", "Oui", "Ada Marie"],
        ["1", "Semaine 1", "Lapointe Bo", "1", "Oui", "Ada Marie"],
    ]


def test_the_number_who_wait_is_on_the_page_of_the_offering(manager: HostClient, as_staff: SignIn) -> None:
    offering, option = a_full_camp()
    ask(option, "Ada", "Bo")
    ask(option, "Cleo")

    assert "Liste d’attente (2)" in words(manager.get(url("offering", offering.slug)))
    assert "Liste d’attente" not in words(as_staff(Role.GROUP_LEADER).get(url("offering", offering.slug)))


def test_the_list_asks_as_much_for_three_as_for_one(manager: HostClient) -> None:
    offering, option = a_full_camp()
    ask(option, "Ada")
    before = asked(manager, url("waiting", offering.slug))
    for name in ("Bo", "Cleo"):
        ask(option, name, f"Petit {name}")
    assert asked(manager, url("waiting", offering.slug)) == before


def test_only_who_changes_the_catalogue_changes_places(as_staff: SignIn) -> None:
    offering, _option = a_full_camp()
    for role in Role:
        page = as_staff(role).get(url("offering", offering.slug)).content.decode()
        assert ('name="capacity"' in page) == (role in CHANGES)
