"""Opening day: so many families, so many of them at once, for fewer places; over HTTP, on real web processes."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from tenant_apps.catalog.models import Option
from tests.bench.family import Browser, registers
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian

HOST = "a.localhost"


@dataclass(frozen=True)
class Family:
    session: str
    child: UUID


@dataclass
class Seen:
    """What became of each family, how long its journey took, and each of its requests."""

    wall: float
    outcomes: Counter[str]
    journeys: list[float]
    requests: list[tuple[str, float]]


def an_opening(places: int) -> Option:
    """A free outing of one group, among others: what is measured is the registration, not the processor."""
    for _ in range(9):
        an_option(places=20, offering=an_offering())
    return an_option("Groupe A", places=places, price=0, offering=an_offering("Ouverture"))


def families(count: int) -> list[Family]:
    """Signed in beforehand, each with a child."""
    return [_family() for _ in range(count)]


def opens(port: int, option: Option, everyone: Sequence[Family], *, at_once: int) -> Seen:
    waiting = iter(everyone)
    seen, turn = Seen(0.0, Counter(), [], []), Lock()
    began = time.perf_counter()
    with ThreadPoolExecutor(at_once) as crowd:
        for _ in range(at_once):
            crowd.submit(_come_one_after_the_other, port, option, waiting, turn, seen)
    seen.wall = time.perf_counter() - began
    return seen


def _come_one_after_the_other(port: int, option: Option, waiting: Iterator[Family], turn: Lock, seen: Seen) -> None:
    while True:
        with turn:
            family = next(waiting, None)
        if family is None:
            return
        browser = Browser(HOST, port, {"session": family.session})
        began = time.perf_counter()
        try:
            outcome = registers(browser, slug=option.offering.slug, child=family.child, option=option.id)
        except Exception as error:
            outcome = f"{type(error).__name__}: {error}"
        finally:
            browser.close()
        with turn:
            seen.outcomes[outcome] += 1
            seen.journeys.append(time.perf_counter() - began)
            seen.requests += browser.seconds


def _family() -> Family:
    guardian = a_guardian()
    client = HostClient(HOST)
    assert guardian.user is not None
    client.force_login(guardian.user)
    child = a_child(of=guardian)
    return Family(client.cookies["session"].value, child.id)
