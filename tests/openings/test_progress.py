"""What a waiting page is told from memory, and what is left to the database."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from config.door import Door
from kernel import clock
from tenant_apps.openings import operations, pace, progress
from tenant_apps.openings.models import Opening, Ticket
from tests.factories.moments import NOON
from tests.factories.queues import a_queue, a_turn

pytestmark = pytest.mark.usefixtures("organisation_a")

HOST = "a.localhost:8000"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    progress.forget()
    pace.REQUESTS.forget()
    yield
    progress.forget()
    pace.REQUESTS.forget()


class Site:
    """Django, behind the door; it counts who came through."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.door = Door(self._django)

    def _django(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.asked.append(environ["PATH_INFO"])
        time.sleep(environ.get("takes", 0))
        start_response("200 OK", [])
        return [b"{}"]

    def get(self, path: str, *, host: str = HOST, method: str = "GET", takes: float = 0) -> Any:
        told = {"PATH_INFO": path, "HTTP_HOST": host, "REQUEST_METHOD": method, "takes": takes}
        return json.loads(b"".join(self.door(told, lambda status, headers: None)))


def turn(ticket: Ticket, opening: UUID | None = None) -> str:
    return f"/ouvertures/{opening or ticket.opening_id}/tour/{ticket.id}.json"


def drawn(families: int = 3, **terms: Any) -> tuple[Opening, list[Ticket]]:
    opening = a_queue(terms={"counter_share": 0, **terms})
    for _ in range(families):
        a_turn(opening)
    operations.draw(opening_id=opening.id, at=NOON)
    return Opening.objects.get(pk=opening.pk), list(Ticket.objects.filter(opening=opening).order_by("position"))


class TestTheDoor:
    def test_who_asks_again_within_the_second_costs_nothing(self) -> None:
        opening, [first, *_] = drawn()
        site = Site()
        assert (site.get(turn(first)), len(site.asked)) == ({}, 1)

        progress.remember(HOST, opening)
        told = [site.get(turn(first)) for _ in range(50)]

        assert len(site.asked) == 1
        assert {(each["state"], each["position"], each["ahead"]) for each in told} == {("waiting", 1, 0)}

    def test_what_is_a_second_old_is_read_anew_by_one_of_all_who_ask(self, monkeypatch: pytest.MonkeyPatch) -> None:
        opening, [first, *_] = drawn()
        site, room = Site(), progress.remember(HOST, opening)
        room.read_at -= 2 * progress.FRESH_SECONDS

        told = [site.get(turn(first)) for _ in range(5)]

        assert len(site.asked) == 1
        assert [each.get("state") for each in told] == [None, *["waiting"] * 4]

    def test_a_host_is_known_by_its_name_whatever_the_port_written_beside_it(self) -> None:
        opening, [first, *_] = drawn()
        site = Site()
        progress.remember(HOST, opening)

        told = [site.get(turn(first), host=host) for host in ("a.localhost", "A.localhost:1", "a.localhost:65535")]

        assert (len(site.asked), {each["state"] for each in told}) == (0, {"waiting"})

    @pytest.mark.parametrize("nonsense", ["-" * 36, "a" * 36])
    def test_what_is_no_identifier_is_djangos_to_refuse(self, nonsense: str) -> None:
        opening, [first, *_] = drawn()
        site = Site()

        site.get(f"/ouvertures/{nonsense}/tour/{first.id}.json")
        site.get(f"/ouvertures/{opening.id}/tour/{nonsense}.json")

        assert len(site.asked) == 2

    def test_what_is_long_past_is_told_to_nobody(self) -> None:
        opening, [first, *_] = drawn()
        site, room = Site(), progress.remember(HOST, opening)
        room.read_at -= 2 * progress.STALE_SECONDS

        for _ in range(3):
            site.get(turn(first))

        assert len(site.asked) == 3

    def test_another_host_another_turn_and_another_method_are_djangos(self) -> None:
        opening, [first, *_] = drawn()
        other = a_turn(a_queue())
        site = Site()
        progress.remember(HOST, opening)

        site.get(turn(first), host="b.localhost:8000")
        site.get(turn(other))
        site.get(turn(other, opening.id))
        site.get(turn(first), method="POST")

        assert len(site.asked) == 4

    def test_who_was_joining_at_the_draw_is_given_a_position_and_no_memory(self) -> None:
        opening, [first, *_] = drawn()
        site, room = Site(), progress.remember(HOST, opening)
        room.positions[first.id] = None

        site.get(turn(first))

        assert len(site.asked) == 1

    def test_it_measures_pages_and_neither_files_nor_who_waits(self) -> None:
        opening, [first, *_] = drawn()
        site = Site()
        progress.remember(HOST, opening)

        for _ in range(20):
            site.get("/static/design/css/app.css", takes=0.01)
            site.get(turn(first))
        assert pace.REQUESTS.p95() is None  # not one was noted

        for _ in range(20):
            site.get("/activites", takes=0.01)
        assert (pace.REQUESTS.p95() or 0) >= 0.01


class TestWhatIsTold:
    def test_a_page_far_from_the_head_asks_rarely_and_one_near_it_often(self) -> None:
        opening, _ = drawn(families=1)
        Opening.objects.filter(pk=opening.pk).update(last_position=2000, admitted=100, rate=10)
        room = progress.remember(HOST, Opening.objects.get(pk=opening.pk))

        waits = [progress.told(room, position, at=NOON)["wait"] for position in (101, 301, 2000)]

        assert 1.6 <= waits[0] <= 2.4
        assert 8 <= waits[1] <= 12
        assert 72 <= waits[2] <= 108
        assert progress.told(room, 100, at=NOON) == {"state": "called"}

    def test_how_long_is_a_range_by_what_was_really_called(self) -> None:
        opening, _ = drawn(families=1)
        Opening.objects.filter(pk=opening.pk).update(last_position=2000, admitted=600, rate=10)
        room = progress.remember(HOST, Opening.objects.get(pk=opening.pk))
        now = time.monotonic()
        room.history.clear()
        room.history.extend([(now - 60, 300), (now, 600)])

        told = progress.told(room, 1201, at=NOON)

        # Five a second, 601 with this one: two minutes.
        assert (told["ahead"], told["low"], told["high"]) == (600, 1, 4)

    def test_nobody_guesses_while_nobody_is_called(self) -> None:
        opening, [first, *_] = drawn(most_per_second=0)
        told = progress.told(progress.remember(HOST, opening), first.position, at=NOON)

        assert (told["low"], told["high"]) == (None, None)

    def test_before_it_opens_pages_ask_every_four_minutes_and_then_spread_over_the_instant(self) -> None:
        room = progress.remember(HOST, a_queue())

        early = progress.told(room, None, at=NOON - timedelta(minutes=30))
        late = [progress.told(room, None, at=NOON - 5 * SECOND)["wait"] for _ in range(50)]

        assert (early["state"], early["left"]) == ("gathering", 1800)
        assert 240 <= early["wait"] <= 248
        assert 5 <= min(late) <= max(late) <= 13
        assert max(late) - min(late) > 2

    def test_the_memory_of_many_hosts_stays_small(self) -> None:
        opening = a_queue()
        for number in range(450):
            progress.remember(f"{number}.localhost", opening)

        assert len(progress._ROOMS) <= 200

    def test_a_turn_taken_again_is_another_one(self) -> None:
        opening, [first, *_] = drawn()
        Ticket.objects.filter(pk=first.pk).update(pass_until=clock.now())
        progress.remember(HOST, opening)

        again = a_turn(opening, first.guardian, at=clock.now())

        assert again.id != first.id
        site = Site()
        site.get(turn(again))
        assert site.asked == [turn(again)]
