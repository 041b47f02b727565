"""What all pages share: finding whose object an address names, and headers that keep a page safe."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from flask import Response, redirect, render_template, request

from deploy.sandbox import jobs
from deploy.sandbox.errors import Json
from deploy.sandbox.pages import wording
from deploy.sandbox.pages.wording import Wording
from deploy.sandbox.payments import accounts
from deploy.sandbox.settings import Settings
from deploy.sandbox.store import Store
from deploy.sandbox.webhooks import Deliverer
from deploy.sandbox.work import Work, begin


@dataclass(frozen=True)
class Site:
    """The running sandbox, as the pages see it."""

    store: Store
    settings: Settings
    deliverer: Deliverer

    def catch_up(self) -> None:
        """Do what has fallen due, so that no page shows what is over."""
        jobs.run_due(self.store, self.settings)

    def told(self, work: Work) -> None:
        """Send the events of a page's work; wait for them where a rule wants them first."""
        self.deliverer.wake()
        if work.before_reply:
            self.deliverer.wait_for(work.before_reply, 10.0)


def work_on(site: Site, db: "object", identifier: str) -> Work | None:
    """Open the books of whoever owns an object; nothing when nobody does."""
    work = begin(db, site.settings)  # type: ignore[arg-type]
    row = work.db.execute("SELECT account FROM object WHERE id = ?", (identifier,)).fetchone()
    return None if row is None else work.as_account(row["account"])


def show(
    template: str,
    words: Wording,
    *,
    status: int = 200,
    targets: tuple[str | None, ...] = (),
    framed_by: str | None = None,
    **values: object,
) -> Response:
    """Write a page. `targets` are the addresses its forms may end at, by redirection.

    `framed_by` is an address of the site that may show it inside a page of its own; nobody may where it says none.
    """
    frame = _origin(framed_by) if framed_by else None
    body = render_template(template, words=words, frame=frame, **values)
    response = Response(body, status=status)
    origins = " ".join(sorted({_origin(target) for target in targets if target}))
    framing = f"script-src 'self'; frame-ancestors {frame}" if frame else "frame-ancestors 'none'"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"{framing}; form-action 'self' {origins}".strip()
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def note(
    name: str,
    words: Wording,
    *,
    status: int = 200,
    back: str | None = None,
    merchant: str = "",
    framed_by: str | None = None,
    leaves: bool = False,
) -> Response:
    """Write a page that only says something; `back` is the merchant's address, where one that `leaves` goes at once."""
    return show(
        "note.html", words, status=status, framed_by=framed_by, name=name, back=back, merchant=merchant, leaves=leaves
    )


def missing() -> Response:
    """Say that there is nothing at this address."""
    return note("missing", wording.of_request(request), status=404)


def go(address: str, **query: str) -> Response:
    """Send the browser on, by GET."""
    if query:
        address += ("&" if "?" in address else "?") + urlencode(query)
    response = redirect(address, code=303)
    return Response(response=response.response, status=303, headers=response.headers)


def merchant(work: Work) -> str:
    """Return the name of who is paid."""
    return accounts.name_of(work)


def session_of(work: Work, intent: Json) -> Json | None:
    """Return the Checkout Session an intent serves."""
    identifier = work.hidden(intent["id"]).get("session")
    return identifier and work.get("checkout.session", identifier)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
