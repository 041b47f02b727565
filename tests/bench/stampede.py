"""Many families at once on few places, each on a connection of its own, with a database that is far away."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier, Lock

import psycopg
from django.conf import settings
from psycopg import sql

from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Participant
from tenant_apps.registrations import operations, places
from tenant_apps.registrations.models import Basket, Places
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.bench.latency import slow_wire
from tests.factories.families import a_child
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket, a_claim

Family = tuple[Basket, Participant]
_PATIENCE_SECONDS = 120


@dataclass
class Told:
    """What was answered, and how long the slowest waited for it."""

    answers: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    _turn: Lock = field(default_factory=Lock)

    def ask(self, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        try:
            act()
            answer = "held"
        except Exception as error:
            answer = type(error).__name__
        with self._turn:
            self.answers[answer] += 1
            self.slowest = max(self.slowest, time.perf_counter() - began)


def families(count: int) -> list[Family]:
    return [(basket, a_child(of=basket.guardian)) for basket in (a_basket() for _ in range(count))]


@contextmanager
def far_database(milliseconds: float) -> Iterator[None]:
    """Connections that begin inside wait so long for each answer; the test's own does not."""
    near = settings.DATABASES["default"]["PORT"]
    with slow_wire(int(near), milliseconds=milliseconds) as far:
        settings.DATABASES["default"]["PORT"] = str(far)
        try:
            yield
        finally:
            settings.DATABASES["default"]["PORT"] = near


def each_wanted_by(crowds: Sequence[Sequence[Family]], organisation: Organisation, options: Sequence[Option]) -> Told:
    """Every option is asked for by all the families of a crowd at the same instant; the crowds share the options."""
    told = Told()

    def one(family: Family, mine: Sequence[Option], start: Barrier) -> None:
        with connected(organisation):
            for option in mine:
                start.wait(_PATIENCE_SECONDS)
                told.ask(lambda option=option: _hold(family, [option]))

    with ThreadPoolExecutor(sum(map(len, crowds))) as pool:
        begun = []
        for number, crowd in enumerate(crowds):
            start, mine = Barrier(len(crowd)), options[number :: len(crowds)]
            begun += [pool.submit(one, family, mine, start) for family in crowd]
    for each in begun:
        each.result()
    return told


def carts(wishes: Sequence[tuple[Family, Sequence[Option]]], organisation: Organisation, *, at_once: int) -> Told:
    """Each family asks for all of its options together, in its own order."""
    told, waiting, turn = Told(), iter(wishes), Lock()

    def some() -> None:
        with connected(organisation):
            while True:
                with turn:
                    wish = next(waiting, None)
                if wish is None:
                    return
                told.ask(lambda wish=wish: _hold(*wish))

    with ThreadPoolExecutor(at_once) as pool:
        for each in [pool.submit(some) for _ in range(at_once)]:
            each.result()
    return told


@contextmanager
def without_the_guard(organisation: Organisation) -> Iterator[None]:
    """Nobody's counter as it is usually written: look, then add. Nor does the database itself refuse."""
    table = sql.Identifier(organisation.schema_name, "registrations_places")
    name = sql.Identifier("never_more_taken_than_there_are")
    with psycopg.connect(**address()) as owner:
        owner.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(table, name))
    guarded = places._take_one
    places._take_one = _look_then_add
    try:
        yield
    finally:
        places._take_one = guarded


def _look_then_add(key, quantity):
    row = Places.objects.get(option_id=key)
    if row.capacity is not None and row.taken + quantity > row.capacity:
        return None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE registrations_places SET taken = taken + %s WHERE option_id = %s", [quantity, key])
    return list(row.shared)


def _hold(family: Family, options: Sequence[Option]) -> None:
    basket, child = family
    operations.hold(basket_id=basket.id, claims=[a_claim(child, option) for option in options], actor=SYSTEM, at=NOON)


@contextmanager
def connected(organisation: Organisation) -> Iterator[None]:
    try:
        with in_organisation(organisation):
            connection.ensure_connection()
            yield
    finally:
        connection.close()


def address() -> dict[str, str]:
    database = settings.DATABASES["default"]
    return {
        **{name: str(database[name.upper()]) for name in ("host", "port", "user", "password")},
        "dbname": str(database["NAME"]),
    }
