"""Three thousand families wait: Redis is killed twice and emptied, some lose their cookies, robots ask fifty times as
often, and families at the counter come in between. Who is called, in which order, and what the waiting costs.
"""

import heapq
import json
import os
import random
import re
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median, quantiles
from threading import Condition, Thread

import redis
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.utils.crypto import get_random_string

from deploy.embedded import redis_server, services
from deploy.embedded.process import Child, running
from kernel import clock
from kernel.database import connection
from shared_apps.accounts.models import User
from shared_apps.accounts.sessions import SessionStore
from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.models import Guardian, Household
from tenant_apps.openings import operations, ordering
from tenant_apps.openings.models import Channel, Opening, Ticket
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.bench.family import Browser, Unexpected
from tests.bench.opening_day import HOST
from tests.bench.server import Server, database_pid, serving, worked_by
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_guardian
from tests.factories.organisation import an_organisation_profile
from tests.factories.queues import a_queue

WAITING = int(os.environ.get("WAITING", "3000"))
DESK = 20
CROWD = 24
STOPPED_SECONDS, CALLED_SECONDS = 60, int(os.environ.get("CALLED_SECONDS", "60"))
PER_SECOND = 20
_ADDRESS = re.compile(r'address="([^"]+)"')


@dataclass
class Family:
    """`address`: where its page asks; none for one whose browser has lost it."""

    session: str
    address: str
    robot: bool = False


@dataclass
class Seen:
    polls: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    entered: int = 0
    robots_asked: int = 0


class Crowd:
    """Everybody's browser: each asks again when it was told to, as many at a time as `CROWD`."""

    def __init__(self, server: Server, opening: Opening, families: list[Family]) -> None:
        self.server, self.opening, self.seen = server, opening, Seen()
        self._due: list[tuple[float, int, Family]] = []
        self._some = Condition()
        self._open = True
        self.robots_are_busy = False
        for family in families:
            self._later(family, random.uniform(0, 20))  # noqa: S311
        self._threads = [Thread(target=self._ask, daemon=True) for _ in range(CROWD)]
        for thread in self._threads:
            thread.start()

    def leave(self) -> None:
        with self._some:
            self._open = False
            self._some.notify_all()
        for thread in self._threads:
            thread.join()

    def _later(self, family: Family, seconds: float) -> None:
        with self._some:
            heapq.heappush(self._due, (time.monotonic() + seconds, id(family), family))
            self._some.notify()

    def _next(self) -> Family | None:
        with self._some:
            while self._open:
                if self._due and self._due[0][0] <= time.monotonic():
                    return heapq.heappop(self._due)[2]
                self._some.wait(0.05 if self._due else 0.2)
        return None

    def _ask(self) -> None:
        browser = Browser(HOST, self.server.port)
        while family := self._next():
            try:
                self._asked(browser, family)
            except (Unexpected, OSError, ValueError) as error:
                self.seen.failures[f"{type(error).__name__}: {error}"[:80]] += 1
                browser.close()
                self._later(family, 15)

    def _asked(self, browser: Browser, family: Family) -> None:
        if not family.address:
            self._opened(browser, family)
        browser.close()  # each family has a connection of its own
        began = time.perf_counter()
        told = json.loads(browser.get(family.address).text)
        self.seen.polls.append(time.perf_counter() - began)
        if told["state"] == "called":
            self._enter(browser, family)
        elif "wait" in told:
            is_busy = family.robot and self.robots_are_busy
            self.seen.robots_asked += is_busy
            self._later(family, told["wait"] / 50 if is_busy else told["wait"])

    def _opened(self, browser: Browser, family: Family) -> str:
        began = time.perf_counter()
        browser.cookies = {"session": family.session}
        page = browser.get(f"/ouvertures/{self.opening.id}")
        browser.cookies = {}
        self.seen.pages.append(time.perf_counter() - began)
        if found := _ADDRESS.search(page.text):
            family.address = found[1]
        return page.text

    def _enter(self, browser: Browser, family: Family) -> None:
        if random.random() < 0.1:  # noqa: S311 - some never come
            return
        browser.cookies, browser.seconds = {"session": family.session}, []
        page = browser.get(f"/ouvertures/{self.opening.id}")
        browser.post(f"/ouvertures/{self.opening.id}", {**page.hidden(), "do": "enter"})
        browser.cookies = {}
        self.seen.pages += [seconds for _name, seconds in browser.seconds]
        self.seen.entered += 1


def measure_waiting_room(transactional_db, organisation_a):
    an_organisation_profile()
    guardians = _families(WAITING)
    opening = _an_opening()
    families = _gathered(opening, guardians)
    lost = random.sample(families, WAITING // 10)
    with services.temporary_folder() as folder:
        cache = redis_server.prepare(folder)
        with running(cache.part) as first, serving(more={"REDIS_URL": cache.url}) as server:
            crowd = Crowd(server, opening, families)
            _until(opening.opens_at + timedelta(seconds=12))
            before = len(crowd.seen.polls)
            waiting = _worked_while(server, STOPPED_SECONDS)
            polls = len(crowd.seen.polls) - before
            crowd.robots_are_busy = True
            Opening.objects.filter(pk=opening.pk).update(terms=_terms(PER_SECOND))
            Thread(target=_disturb, args=(cache, first, lost), daemon=True).start()
            calling = _worked_while(server, CALLED_SECONDS, meanwhile=lambda: _desk(organisation_a, opening))
            crowd.leave()
    _tell(opening, crowd.seen, waiting, calling, polls)
    assert _out_of_order(opening) == 0
    assert [name for name in crowd.seen.failures if "answered 5" in name] == []
    assert Ticket.objects.filter(pass_until__isnull=False, called_at=None).count() == 0


def _an_opening() -> Opening:
    at = clock.now()
    # The web processes start, and every page asks once, before it opens.
    opening = a_queue(opens_at=at + timedelta(seconds=30), gathers_from=at, terms=_terms(0))
    for _ in range(3):
        an_option(places=50, offering=an_offering(opening=opening))
    return opening


def _terms(per_second: int) -> dict[str, int]:
    return {"most_per_second": per_second, "at_once": 5000, "counter_share": 10}


def _families(count: int) -> list[Guardian]:
    """Three thousand of them, in a few statements."""
    users = User.objects.bulk_create(
        User(email=f"famille{number}@example.org", password="!") for number in range(count)
    )
    households = Household.objects.bulk_create(Household(created_at=clock.now()) for _ in users)
    return Guardian.objects.bulk_create(
        Guardian(user=user, household=household, first_name="Marie", last_name="Lapointe", email=user.email)
        for user, household in zip(users, households, strict=True)
    )


def _gathered(opening: Opening, guardians: list[Guardian]) -> list[Family]:
    """Each signed in and in the waiting room; one in twenty is a robot."""
    tickets = Ticket.objects.bulk_create(
        Ticket(opening=opening, guardian=each, family=each.household_id, joined_at=opening.gathers_from)
        for each in guardians
    )
    return [
        Family(session, f"/ouvertures/{opening.id}/tour/{ticket.id}.json", robot=number % 20 == 0)
        for number, (session, ticket) in enumerate(zip(_sessions(guardians), tickets, strict=True))
    ]


def _sessions(guardians: list[Guardian]) -> list[str]:
    """As one who has just signed in has it, for each."""
    client = HostClient(HOST)
    client.force_login(guardians[0].user)
    known, store = dict(client.session.items()), SessionStore()
    rows = []
    for each in guardians:
        own = {SESSION_KEY: str(each.user.pk), HASH_SESSION_KEY: each.user.get_session_auth_hash()}
        data = store.encode({**known, **own})
        rows.append(
            Session(
                session_key=get_random_string(32, VALID_KEY_CHARS),
                session_data=data,
                expire_date=clock.now() + timedelta(hours=6),
            )
        )
    return [row.session_key for row in Session.objects.bulk_create(rows)]


def _disturb(cache: redis_server.Redis, child: Child, lost: list[Family]) -> None:
    """Redis is killed, comes back, is emptied, and killed again; a tenth of the families lose their cookies."""
    time.sleep(10)
    os.kill(child.pid, signal.SIGKILL)
    time.sleep(15)
    with running(cache.part) as second:
        for family in lost:
            family.address = ""
        time.sleep(5)
        redis.Redis.from_url(cache.url).flushall()
        time.sleep(10)
        os.kill(second.pid, signal.SIGKILL)
        time.sleep(15)


def _desk(organisation: Organisation, opening: Opening) -> None:
    """Families come to the counter after the opening, one every two seconds."""
    with in_organisation(organisation):
        for _ in range(DESK):
            guardian = a_guardian()
            told = {"guardian_id": guardian.id, "channel": Channel.COUNTER, "actor": SYSTEM}
            operations.join(opening_id=opening.id, at=clock.now(), **told)
            time.sleep(2)
    connection.close()


def _worked_while(server: Server, seconds: float, meanwhile=lambda: None) -> dict[str, float]:
    """Of one core, what each part worked in that time."""
    before, began = {**server.processor_seconds(), "database": worked_by(database_pid())}, time.perf_counter()
    with ThreadPoolExecutor(1) as beside:
        done = beside.submit(meanwhile)
        time.sleep(seconds)
    done.result()
    took = time.perf_counter() - began
    after = {**server.processor_seconds(), "database": worked_by(database_pid())}
    return {name: (after[name] - before[name]) / took for name in after}


def _until(moment) -> None:
    time.sleep(max(0.0, (moment - clock.now()).total_seconds()))


def _out_of_order(opening: Opening) -> int:
    """How many were called before somebody who stood before them, by the draw made again here."""
    opening.refresh_from_db()
    drawn = Ticket.objects.filter(opening=opening, joined_at=opening.gathers_from)
    order = ordering.order(opening.seed, drawn.values_list("id", flat=True))
    called = drawn.filter(called_at__isnull=False).order_by("called_at", "position").values_list("id", flat=True)
    return sum(one != other for one, other in zip(called, order, strict=False))


def _tell(opening: Opening, seen: Seen, waiting: dict[str, float], calling: dict[str, float], polls: int) -> None:
    called = Ticket.objects.filter(opening=opening, called_at__isnull=False)
    kept = 1 - _out_of_order(opening) / max(1, called.count())
    print(f"\nWaiting room: {WAITING} families, {called.count()} called in {CALLED_SECONDS} s")
    print(f"  order      {kept:.2%} as drawn; at the counter {called.filter(channel=Channel.COUNTER).count()} called")
    print(f"  entered    {seen.entered}; without being called {_uncalled(opening)}")
    print(f"  robots     asked {seen.robots_asked} times; called {_robots_gain(opening)}")
    print(f"  failures   {dict(seen.failures)}")
    print(f"  asking     {_words(seen.polls)}")
    print(f"  pages      {_words(seen.pages)}")
    print(f"  all wait   {_shares(waiting)} ({polls / STOPPED_SECONDS:.0f} answers a second)")
    print(f"  calling    {_shares(calling)}")


def _uncalled(opening: Opening) -> int:
    return Ticket.objects.filter(opening=opening, pass_until__isnull=False, called_at=None).count()


def _robots_gain(opening: Opening) -> str:
    positions = Ticket.objects.filter(opening=opening, channel=Channel.WEB, called_at__isnull=False)
    return f"by position, up to {positions.order_by('-position').first().position}" if positions.exists() else "nobody"


def _words(seconds: list[float]) -> str:
    if len(seconds) < 100:
        return f"{len(seconds)} only"
    parts = quantiles(seconds, n=100)
    told = (f"p50 {median(seconds) * 1000:.1f} ms", f"p95 {parts[94] * 1000:.1f} ms", f"p99 {parts[98] * 1000:.1f} ms")
    return f"{', '.join(told)} ({len(seconds)})"


def _shares(parts: dict[str, float]) -> str:
    return ", ".join(f"{name} {share:.1%} of a core" for name, share in parts.items())
