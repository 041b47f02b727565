"""One family's way from the catalogue to the confirmation, in this process: what each request asks and works."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import pytest
from django.db import connection
from django.template import Template
from django.test.client import ClientHandler

from tenant_apps.catalog.models import Option
from tests.bench.family import CONFIRMED, Answer, registers
from tests.bench.opening_day import HOST, Family, an_opening, families
from tests.clients import HostClient
from tests.factories.organisation import an_organisation_profile

JOURNEYS, WARM_UP = int(os.environ.get("JOURNEYS", "20")), 5
# One for all: each makes its middleware anew, a server does so once.
SERVER = ClientHandler(enforce_csrf_checks=False)


@dataclass
class InProcess:
    """A browser without the wire between. `seen`: what was asked, its statements, its processor seconds."""

    family: Family
    seen: list[tuple[str, int, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._client = HostClient(HOST)
        self._client.handler = SERVER
        self._client.cookies["session"] = self.family.session

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, lambda: self._client.get(path))

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, lambda: self._client.post(path, dict(fields)))

    def _ask(self, method: str, path: str, ask: Callable[[], Any]) -> Answer:
        asked = 0

        def count(execute: Callable[..., Any], *statement: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*statement)

        began = time.process_time()
        with connection.execute_wrapper(count):
            response = ask()
        parts = path.partition("?")[0].strip("/").split("/")
        kind = "/".join(part if place != 1 else "…" for place, part in enumerate(parts))
        self.seen.append((f"{method} /{kind}", asked, time.process_time() - began))
        return Answer(response.status_code, response.headers.get("Location", ""), response.content.decode())


@pytest.fixture(autouse=True)
def _as_a_server_renders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests record each template with a copy of its context; a server does not."""
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))


def measure_journey(transactional_db, organisation_a):
    an_organisation_profile()
    option, everyone = an_opening(JOURNEYS + WARM_UP), families(JOURNEYS + WARM_UP)
    journeys = [_journey(family, option) for family in everyone][WARM_UP:]
    print()
    total: list[float] = [0, 0]
    for requests in zip(*journeys, strict=True):
        statements = int(median(statements for _, statements, _ in requests))
        milliseconds = median(seconds for _, _, seconds in requests) * 1000
        total = [total[0] + statements, total[1] + milliseconds]
        print(f"  {requests[0][0]:<34} {statements:4d} statements {milliseconds:8.1f} ms of this processor")
    print(f"  {'Together':<34} {total[0]:4.0f} statements {total[1]:8.1f} ms of this processor")


def _journey(family: Family, option: Option) -> list[tuple[str, int, float]]:
    browser = InProcess(family)
    answer = registers(browser, slug=option.offering.slug, child=family.child, option=option.id)  # type: ignore[arg-type]
    assert answer == CONFIRMED
    return browser.seen
