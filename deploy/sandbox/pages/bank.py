"""The bank's pages: the check of a card (3-D Secure), and Bancontact."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from deploy.sandbox.errors import ApiError, Json
from deploy.sandbox.pages import embedded, wording
from deploy.sandbox.pages.site import Site, go, merchant, missing, note, session_of, show, work_on
from deploy.sandbox.pages.wording import Wording
from deploy.sandbox.payments import answering
from deploy.sandbox.work import Work

_TEMPLATES = {"authenticate": "secure.html", "bancontact": "bancontact.html"}


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the bank's pages."""
    for name in _TEMPLATES:
        pages.add_url_rule(f"/{name}/<identifier>", f"{name}_ask", _asking(site, name), methods=["GET"])
        pages.add_url_rule(f"/{name}/<identifier>", f"{name}_answer", _answering(site), methods=["POST"])


def _asking(site: Site, name: str) -> Callable[[str], Response]:
    def ask(identifier: str) -> Response:
        site.catch_up()
        with site.store.reading() as db:
            work = work_on(site, db, identifier)
            intent = work.of_any_kind(identifier) if work else None
            if work is None or intent is None:
                return missing()
            words = _words(work, intent)
            if intent["status"] != "requires_action":
                return _after(work, intent, words)
            return show(
                _TEMPLATES[name],
                words,
                targets=(_return_url(work, intent), *_session_urls(work, intent)),
                framed_by=_frame(work, intent),
                intent=intent,
                merchant=merchant(work),
            )

    return ask


def _answering(site: Site) -> Callable[[str], Response]:
    def answer(identifier: str) -> Response:
        site.catch_up()
        said = request.form.get("answer", "")
        with site.store.writing() as db:
            work = work_on(site, db, identifier)
            intent = work.of_any_kind(identifier) if work else None
            if work is None or intent is None:
                return missing()
            words = _words(work, intent)
            if said == "leave":
                return note("left", words, framed_by=_frame(work, intent))
            if intent["status"] == "requires_action":
                intent = _answered(work, intent, approved=said.startswith("approve"))
            stays = said == "approve_and_stay"
            response = note("stayed", words, framed_by=_frame(work, intent)) if stays else _after(work, intent, words)
        site.told(work)
        return response

    return answer


def _answered(work: Work, intent: Json, *, approved: bool) -> Json:
    try:
        return answering.answer(work, intent, approved=approved)
    except ApiError as error:
        if not error.keeps_work:
            raise
        return work.get(intent["object"], intent["id"])


def _after(work: Work, intent: Json, words: Wording) -> Response:
    """Send the payer back to where the payment began."""
    session = session_of(work, intent)
    if session is not None:
        if session["status"] == "complete":
            return embedded.leave(work, session, words)
        return go(f"{work.settings.public_url}/pay/{session['id']}")
    address = _return_url(work, intent)
    if address is None:
        return note("done", words)
    failed = intent["status"] in ("requires_payment_method", "canceled")
    kind = intent["object"]
    query = {
        kind: intent["id"],
        f"{kind}_client_secret": intent["client_secret"],
        "redirect_status": "failed" if failed else "succeeded",
    }
    return go(address, **query)


def _words(work: Work, intent: Json) -> Wording:
    session = session_of(work, intent) or {"currency": intent.get("currency")}
    return wording.of_request(request, session)


def _return_url(work: Work, intent: Json) -> str | None:
    return work.hidden(intent["id"]).get("return_url")


def _frame(work: Work, intent: Json) -> str | None:
    return embedded.framed_by(session_of(work, intent))


def _session_urls(work: Work, intent: Json) -> tuple[str | None, ...]:
    session = session_of(work, intent) or {}
    return session.get("success_url"), session.get("cancel_url")
