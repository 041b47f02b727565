"""Openings in the workplace: who prepares them, what stands against them, and what their board says."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Offering, Status
from tenant_apps.office.openings.board import Turns
from tenant_apps.office.scope import CHANGES, OPENINGS
from tenant_apps.openings import operations
from tenant_apps.openings.models import Channel, Mode, Opening, Ticket
from tenant_apps.openings.terms import terms_of
from tenant_apps.organisation.models import Role
from tenant_apps.registrations.models import PlaceRequest, Places, Registration, RequestStatus
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.moments import TORONTO
from tests.factories.organisation import an_establishment
from tests.factories.registrations import a_hold
from tests.office.conftest import SignIn
from tests.office.editor.pages import filled_in, url
from tests.office.openings.rows import DAY, MINUTE, a_camp, a_turn, begun, in_a_month
from tests.portal.people import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(as_staff: SignIn) -> HostClient:
    return as_staff(Role.PROGRAMME_MANAGER)


def local(moment: datetime) -> str:
    return moment.astimezone(TORONTO).strftime("%Y-%m-%dT%H:%M")


def asked(client: HostClient, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("role", list(Role))
def test_they_are_read_by_some_and_prepared_by_fewer(as_staff: SignIn, role: str) -> None:
    opening, client = in_a_month(), as_staff(role)
    a_camp(opening)
    read = [client.get(each).status_code for each in (url("openings"), url("opening", opening.pk))]
    prepared = [client.get(each).status_code for each in (url("opening_add"), url("opening_edit", opening.pk))]
    moved = client.post(url("opening_pace", opening.pk), {"move": "pause"}).status_code

    assert read == [200 if role in OPENINGS else 403] * 2
    assert (prepared, moved) == ([200 if role in CHANGES else 403] * 2, 302 if role in CHANGES else 403)


def test_a_secretary_knows_those_of_her_own_school(as_staff: SignIn) -> None:
    hers, other = an_establishment("Sainte-Anne"), an_establishment("Saint-Luc")
    own, foreign, empty = in_a_month(name="À elle"), in_a_month(name="Ailleurs"), in_a_month(name="Vide")
    a_camp(own, "Camp d’ici", establishments=[hers])
    a_camp(own, "Camp de là-bas", establishments=[other])
    a_camp(foreign, establishments=[other])
    client = as_staff(Role.SECRETARY, hers)

    page = words(client.get(url("opening", own.pk)))
    answers = [client.get(url("opening", each.pk)).status_code for each in (own, foreign, empty)]

    assert answers == [200, 404, 404]
    assert ("Camp d’ici" in page, "Camp de là-bas" in page) == (True, False)
    assert "Ailleurs" not in words(client.get(url("openings")))


def test_one_is_prepared_with_what_opens_there(manager: HostClient) -> None:
    first, second = a_camp(None, "Camp A"), a_camp(None, "Camp B")
    opens_at = (clock.now() + 30 * DAY).replace(second=0, microsecond=0)
    sent = filled_in(manager, url("opening_add")) | {
        "name": "Camps d’été",
        "name_en": "Summer camps",
        "gathers_from": local(opens_at - 10 * DAY),
        "opens_at": local(opens_at),
        "offerings": [str(first.pk), str(second.pk)],
        "counter_share": "20",
    }

    answer = manager.post(url("opening_add"), sent)

    opening = Opening.objects.get()
    assert answer.url == url("opening", opening.pk)
    assert (opening.name, opening.mode, opening.opens_at) == ("Camps d’été", Mode.QUEUE, opens_at)
    assert (terms_of(opening).counter_share, opening.translations) == (20, {"en": {"name": "Summer camps"}})
    assert set(Offering.objects.filter(opening=opening)) == {first, second}

    sent = filled_in(manager, url("opening_edit", opening.pk)) | {"offerings": [str(second.pk)]}
    manager.post(url("opening_edit", opening.pk), sent)

    assert list(Offering.objects.filter(opening=opening)) == [second]
    changed = Entry.objects.filter(action="offering.changed", subject_id=first.pk).order_by("at").last()
    assert changed is not None and changed.details["changes"]["opening"] == ["Camps d’été", None]


def test_what_opens_elsewhere_is_not_taken_away(manager: HostClient) -> None:
    elsewhere = a_camp(in_a_month(name="Autre"))
    opening = in_a_month(name="Celle-ci")
    sent = filled_in(manager, url("opening_edit", opening.pk)) | {"offerings": [str(elsewhere.pk)]}

    answer = manager.post(url("opening_edit", opening.pk), sent)

    elsewhere.refresh_from_db()
    assert (answer.status_code, elsewhere.opening.name) == (422, "Autre")  # type: ignore[union-attr]


def test_what_makes_no_sense_is_told_at_the_field_and_nothing_typed_is_lost(manager: HostClient) -> None:
    in_a_month(name="Camps d’été")
    opens_at = clock.now() + 30 * DAY
    sent = filled_in(manager, url("opening_add")) | {
        "name": "camps d’ÉTÉ",
        "gathers_from": local(opens_at + DAY),
        "opens_at": local(opens_at),
    }
    late = manager.post(url("opening_add"), sent)
    twice = manager.post(url("opening_add"), sent | {"gathers_from": local(opens_at - DAY)})

    assert late.context["form"].errors == {"gathers_from": ["Les familles se préparent avant l’ouverture, pas après."]}
    assert twice.context["form"].errors == {"name": ["Une autre ouverture porte déjà ce nom."]}
    assert (late.status_code, twice.status_code, 'value="camps d’ÉTÉ"' in twice.content.decode()) == (422, 422, True)


def test_once_drawn_its_moment_stays(manager: HostClient) -> None:
    opening = begun()
    operations.draw(opening_id=opening.pk, at=clock.now())
    sent = filled_in(manager, url("opening_edit", opening.pk)) | {"opens_at": local(clock.now() + DAY)}

    answer = manager.post(url("opening_edit", opening.pk), sent)

    told = {"opens_at": ["L’ordre est déjà tiré\u202f: le mode et les moments ne changent plus."]}
    assert (answer.status_code, answer.context["form"].errors) == (422, told)


def test_the_checklist_names_what_would_fail_on_the_evening(manager: HostClient) -> None:
    opening = in_a_month(gathers_from=clock.now() + 29 * DAY)
    day = clock.now().astimezone(TORONTO).date()
    offering = a_camp(opening, "Camp A", status=Status.DRAFT, waiting={}, deadline_on=day)
    an_option("Semaine 2", offering=offering, price=0, places=None)
    an_option("Semaine 3", offering=offering, price=0, places=0)
    begun_already = an_option("Semaine 0", offering=offering, price=0, places=2, starts_on=day)
    Places.objects.filter(pk=begun_already.pk).update(taken=1)

    told = [(item.level, item.about, item.words) for item in manager.get(url("opening", opening.pk)).context["items"]]

    assert told == [
        ("bad", "Camp A", "Ne sera pas publiée à l’ouverture."),
        ("bad", "Camp A", "Sa date limite vient avant l’ouverture."),
        ("bad", "Camp A", "Ces choix commencent avant l’ouverture\u202f: Semaine 0."),
        ("warn", "", "Les familles ont moins de cinq jours pour se préparer\u202f: leurs fiches pourraient manquer."),
        ("warn", "Camp A", "N’a pas de liste d’attente\u202f: qui n’a pas de place n’a rien à demander."),
        ("warn", "Camp A", "Des places y sont déjà prises\u202f: d’ici à l’ouverture, plus personne ne s’y inscrit."),
        ("warn", "Camp A", "Le nombre de places n’est pas dit\u202f: Semaine 2."),
        ("warn", "Camp A", "Aucune place n’est libre\u202f: Semaine 3."),
    ]


def test_a_ready_one_says_so(manager: HostClient) -> None:
    opening = in_a_month()
    a_camp(opening)

    assert "Tout est prêt" in words(manager.get(url("opening", opening.pk)))


@pytest.mark.parametrize("mode", list(Mode))
def test_once_begun_nobody_is_asked_whether_it_is_ready(manager: HostClient, mode: str) -> None:
    opening = begun(mode=mode)

    assert "Prêt pour l’ouverture" not in words(manager.get(url("opening", opening.pk)))


def test_the_board_counts_turns_and_places(manager: HostClient) -> None:
    opening = begun(terms={"counter_share": 0})
    option = a_camp(opening).options.get()
    for channel in (Channel.WEB, Channel.WEB, Channel.COUNTER, Channel.WEB):
        a_turn(opening, channel)
    operations.draw(opening_id=opening.pk, at=clock.now())
    Opening.objects.filter(pk=opening.pk).update(admitted=3)
    first, second, *_rest = Ticket.objects.filter(opening=opening).order_by("position")
    Ticket.objects.filter(pk=first.pk).update(pass_until=clock.now() + DAY)
    Ticket.objects.filter(pk=second.pk).update(pass_until=clock.now() - MINUTE)
    Offering.objects.update(opening=None)
    hold = a_hold(option, at=clock.now())
    Registration.objects.filter(pk=hold.pk).update(held_until=clock.now() + 5 * MINUTE)
    Offering.objects.update(opening=opening)

    board = manager.get(url("opening", opening.pk)).context["board"]

    assert board.turns == Turns(here=4, counter=1, waiting=1, called=1, inside=1, done=1)
    assert (board.totals.places, board.totals.left, board.totals.held, board.totals.ending) == (10, 9, 1, 1)


def test_the_pace_is_halved_stopped_and_taken_up_again_and_the_trail_says_by_whom(manager: HostClient) -> None:
    opening = begun()
    address, found = url("opening_pace", opening.pk), []
    for move in ("slower", "pause", "pause", "resume", "faster"):
        assert manager.post(address, {"move": move}).status_code == 302
        opening.refresh_from_db()
        found.append(terms_of(opening).most_per_second)

    assert found == [5.0, 0, 0, 5.0, 10.0]
    assert manager.post(address, {"move": "sideways"}).status_code == 404
    assert Entry.objects.filter(action="opening.paced").count() == 4


def test_a_page_that_was_open_since_before_leaves_a_queue_stopped(manager: HostClient) -> None:
    opening = in_a_month(terms={"most_per_second": 5})
    sent = filled_in(manager, url("opening_edit", opening.pk))
    begins = (clock.now() - MINUTE).replace(second=0, microsecond=0)
    Opening.objects.update(opens_at=begins, gathers_from=begins - DAY)
    manager.post(url("opening_pace", opening.pk), {"move": "pause"})

    sent |= {"gathers_from": local(begins - DAY), "opens_at": local(begins), "at_once": "50"}
    answer = manager.post(url("opening_edit", opening.pk), sent)

    opening.refresh_from_db()
    kept = {name: opening.terms[name] for name in ("most_per_second", "before_pause", "at_once")}
    assert (answer.status_code, kept) == (302, {"most_per_second": 0, "before_pause": 5.0, "at_once": 50})


def test_it_is_opened_to_all_in_two_steps(manager: HostClient) -> None:
    opening = begun()
    a_turn(opening)
    operations.draw(opening_id=opening.pk, at=clock.now())

    asked_first = words(manager.get(url("opening_end", opening.pk)))
    opening.refresh_from_db()
    assert "1 famille attend encore son tour" in asked_first and opening.ended_at is None

    manager.post(url("opening_end", opening.pk))
    opening.refresh_from_db()
    assert opening.ended_at is not None


def test_priority_groups_are_built_of_the_rules_that_there_are(manager: HostClient) -> None:
    opening = in_a_month(mode=Mode.LOTTERY)
    manager.post(url("opening_group_add", opening.pk), {"name": "Petits", "name_en": "Little ones"})
    manager.post(url("opening_group_add", opening.pk), {"name": "Grands"})
    manager.post(url("opening_group_rule", opening.pk, 0, "age"), {"max": "7", "on": "day", "day": "2026-09-30"})
    manager.post(url("opening_group_move", opening.pk, 1), {"move": "up"})

    opening.refresh_from_db()
    assert opening.terms["priorities"] == [
        {"name": "Grands", "rules": []},
        {
            "name": {"fr": "Petits", "en": "Little ones"},
            "rules": [{"kind": "age", "max": 7, "on": "day", "day": "2026-09-30"}],
        },
    ]
    wrong = manager.post(url("opening_group_rule", opening.pk, 0, "age"), {"min": "-1"})
    assert (wrong.status_code, manager.get(url("opening_group", opening.pk, 2)).status_code) == (422, 404)

    manager.post(url("opening_group_rule_remove", opening.pk, 1, 0))
    manager.post(url("opening_group_move", opening.pk, 0), {"move": "remove"})
    opening.refresh_from_db()
    assert opening.terms["priorities"] == [{"name": {"fr": "Petits", "en": "Little ones"}, "rules": []}]


def test_once_wishes_are_closed_nobody_is_put_first_any_more(manager: HostClient) -> None:
    minute = (clock.now() - MINUTE).replace(second=0, microsecond=0)
    opening = begun(mode=Mode.LOTTERY, gathers_from=minute - DAY, opens_at=minute)
    sent = filled_in(manager, url("opening_edit", opening.pk))

    added = manager.post(url("opening_group_add", opening.pk), {"name": "Mes amis"})
    later = manager.post(url("opening_edit", opening.pk), sent | {"opens_at": local(clock.now() + DAY)})
    renamed = manager.post(url("opening_edit", opening.pk), sent | {"name": "Camps de juillet"})

    opening.refresh_from_db()
    assert (added.status_code, later.status_code, renamed.status_code) == (404, 422, 302)
    assert "Les souhaits sont clos" in words(later)
    assert (opening.terms.get("priorities", []), opening.name) == ([], "Camps de juillet")
    assert "Ajouter un groupe prioritaire" not in words(manager.get(url("opening", opening.pk)))


def test_the_list_counts_offerings_families_and_wishes_each_on_its_own(manager: HostClient) -> None:
    opening, at = begun(), clock.now()
    for title in ("Camp A", "Camp B", "Camp C"):
        a_camp(opening, title)
    families = [a_turn(opening).guardian for _ in range(2)]
    for guardian in (*families, families[0]):
        PlaceRequest.objects.create(
            guardian=guardian, opening=opening, status=RequestStatus.WISHED, asked_at=at, queued_at=at
        )

    [listed] = manager.get(url("openings")).context["openings"]

    assert (listed.offering_count, listed.ticket_count, listed.wish_count) == (3, 2, 2)


def test_the_list_and_the_board_ask_as_much_for_three_as_for_one(manager: HostClient) -> None:
    opening = begun()
    a_camp(opening)
    before = [asked(manager, url("openings")), asked(manager, url("opening", opening.pk))]
    for number in range(3):
        begun(f"File {number}")
        an_option(f"Semaine {number}", offering=a_camp(opening, f"Camp {number}"), price=0, places=5)
        a_turn(opening)
    operations.draw(opening_id=opening.pk, at=clock.now())
    after = [asked(manager, url("openings")), asked(manager, url("opening", opening.pk))]
    assert after[0] == before[0] and after[1] <= before[1]
