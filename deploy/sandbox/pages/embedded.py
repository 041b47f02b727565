"""The payment page inside another: the script that puts it there, and the way out of the frame."""

import hmac

from flask import Blueprint, Flask, Response, current_app, request

from deploy.sandbox.errors import Json
from deploy.sandbox.pages.site import Site, go, merchant, missing, note, work_on
from deploy.sandbox.pages.wording import Wording
from deploy.sandbox.payments import sessions
from deploy.sandbox.work import Work

_KIND = "checkout.session"
_PUBLIC_KEY = "pk_test_"


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the script that a merchant's page includes, and the address it opens in its frame."""

    @pages.get("/v3/stripe.js")
    def script() -> Response:
        app: Flask = current_app
        return app.send_static_file("stripe.js")

    @pages.get("/embedded")
    def embedded() -> Response:
        """Send on to the page of a session, for who says its secret, a public key, and whose account it is."""
        said = {name: request.args.get(name, "") for name in ("key", "account", "client_secret")}
        identifier = said["client_secret"].partition("_secret_")[0]
        with site.store.reading() as db:
            work = work_on(site, db, identifier)
            session = work.find(_KIND, identifier) if work else None
            if work is None or session is None or not _fits(work, session, said):
                return missing()
        return go(f"{site.settings.public_url}/pay/{identifier}")


def _fits(work: Work, session: Json, said: dict[str, str]) -> bool:
    return (
        said["key"].startswith(_PUBLIC_KEY)
        and said["account"] == ("" if work.is_platform else work.account)
        and hmac.compare_digest(said["client_secret"], session["client_secret"] or "")
    )


def framed_by(session: Json | None) -> str | None:
    """Return the address of the site that may frame the pages of a session."""
    return session["return_url"] if session and sessions.is_embedded(session) else None


def leave(work: Work, session: Json, words: Wording) -> Response:
    """Send the payer back to the merchant; out of the frame where the page is in one."""
    address = sessions.success_address(session)
    frame = framed_by(session)
    if frame is None:
        return go(address)
    return note("leaving", words, back=address, merchant=merchant(work), framed_by=frame, leaves=True)
