"""A family on opening day, over HTTP as its browser would: from the catalogue to the confirmation, or to « full »."""

import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

CONFIRMED, FULL = "confirmed", "full"
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
_PATIENCE_SECONDS = 60


class Unexpected(AssertionError):
    """An answer that no family may ever see."""


@dataclass
class Answer:
    status: int
    location: str
    text: str

    def hidden(self) -> dict[str, str]:
        return dict(_HIDDEN.findall(self.text))


@dataclass
class Browser:
    """One connection that stays open and its cookies; `seconds`: how long each answer took, by what was asked."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: list[tuple[str, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_SECONDS)

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(fields))

    def close(self) -> None:
        self._line.close()

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        began = time.perf_counter()
        try:
            self._line.request(method, path, body, self._headers(body))
        except (BrokenPipeError, http.client.CannotSendRequest, ConnectionResetError):
            # The server had closed a connection that was idle for long: browsers ask again too.
            self._line.close()
            self._line.request(method, path, body, self._headers(body))
        response = self._line.getresponse()
        text = response.read().decode()
        self.seconds.append((f"{method} {_kind(path)}", time.perf_counter() - began))
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if response.status >= 400:
            raise Unexpected(f"{method} {path} answered {response.status}")
        return Answer(response.status, response.headers.get("Location", ""), text)

    def _headers(self, body: str | None) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        form = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        return {"Host": f"{self.host}:{self.port}", "Cookie": cookies, "Accept-Language": "fr", **form}


def registers(browser: Browser, *, slug: str, child: object, option: object) -> str:
    """Nine requests, each page read before the next: CONFIRMED, or FULL. Raises Unexpected at anything else."""
    browser.get("/activites")
    browser.get(f"/activites/{slug}")
    added = chooses(browser, slug=slug, child=child, option=option)
    if added.status != 303:
        return _told_full(added)
    _path(browser, added)
    browser.get("/panier")
    summary = browser.get("/commande")
    paid = browser.post("/commande", summary.hidden())
    confirmation = _path(browser, paid)
    if "C’est confirmé" not in confirmation.text:
        raise Unexpected(f"{paid.location} confirms nothing")
    return CONFIRMED


def chooses(browser: Browser, *, slug: str, child: object, option: object) -> Answer:
    address = f"/activites/{slug}/inscription?enfant={child}"
    form = browser.get(address)
    return browser.post(address, {**form.hidden(), "choix-options": str(option), "contact-email": "parent@example.org"})


def _path(browser: Browser, answer: Answer) -> Answer:
    """What the browser is sent on to."""
    if answer.status != 303:
        raise Unexpected(f"answered {answer.status} where a page was to follow")
    parts = urlsplit(answer.location)
    return browser.get(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _told_full(answer: Answer) -> str:
    if "Complet" not in answer.text and "complet" not in answer.text:
        raise Unexpected("neither a place nor « Complet »")
    return FULL


def _kind(path: str) -> str:
    """`/activites/sortie-1/inscription?…` and `/confirmation/…` are two kinds of page, whatever they name."""
    parts = path.partition("?")[0].strip("/").split("/")
    return "/" + "/".join(part if place != 1 else "…" for place, part in enumerate(parts))
