"""The payment page: `/pay/<session>`."""

from datetime import UTC, datetime

from flask import Blueprint, Response, request

from deploy.sandbox import cards
from deploy.sandbox.errors import ApiError, Json
from deploy.sandbox.pages import embedded, forms, wording
from deploy.sandbox.pages.effects import account_effects, card_effects
from deploy.sandbox.pages.forms import Form
from deploy.sandbox.pages.site import Site, go, merchant, missing, note, show, work_on
from deploy.sandbox.pages.wording import Wording
from deploy.sandbox.payments import accounts, methods, paying
from deploy.sandbox.payments.paying import Payer
from deploy.sandbox.work import Work

_KIND = "checkout.session"
_FIELDS_AT_FAULT = {"expired_card": "expiry", "incorrect_cvc": "cvc"}


def add_to(pages: Blueprint, site: Site) -> None:
    """Add the payment page."""

    @pages.get("/pay/<identifier>")
    def pay_page(identifier: str) -> Response:
        site.catch_up()
        with site.store.reading() as db:
            work = work_on(site, db, identifier)
            session = work.find(_KIND, identifier) if work else None
            if work is None or session is None:
                return missing()
            words = wording.of_request(request, session)
            return _closed(work, session, words) or _open_page(work, session, words)

    @pages.post("/pay/<identifier>")
    def pay_now(identifier: str) -> Response:
        site.catch_up()
        with site.store.writing() as db:
            work = work_on(site, db, identifier)
            session = work.find(_KIND, identifier) if work else None
            if work is None or session is None:
                return missing()
            words = wording.of_request(request, session)
            # One writer at a time: a second tab or click finds here what the first one did.
            response = _closed(work, session, words) or _try(work, session, words)
        site.told(work)
        return response


def _refusal(error: Json, words: Wording) -> tuple[str, dict[str, str]]:
    """Return what the payer reads about a refusal, and at which field of the card."""
    reason = str(error.get("decline_code"))
    name = f"declined.{reason}"
    message = words(name if words.has(name) else "declined.generic_decline")
    if (error.get("payment_method") or {}).get("type") != "card":
        return message, {}
    return message, {_FIELDS_AT_FAULT.get(reason, "number"): message}


def _closed(work: Work, session: Json, words: Wording) -> Response | None:
    if session["status"] == "complete":
        return embedded.leave(work, session, words)
    if session["status"] == "expired":
        back, frame = session["cancel_url"], embedded.framed_by(session)
        return note("over", words, status=410, back=back, merchant=merchant(work), framed_by=frame)
    return None


def _open_page(work: Work, session: Json, words: Wording) -> Response:
    values = _known(work, session)
    error = _last_error(work, session)
    decline, errors = _refusal(error, words) if error else (None, {})
    return _page(work, session, words, values=values, errors=errors, decline=decline)


def _try(work: Work, session: Json, words: Wording) -> Response:
    today = datetime.fromtimestamp(work.now, UTC).date()
    form = forms.read(request.form, session=session, words=words, today=today)
    known = _known_email(work, session)
    if known:
        form.values["email"] = known
        form.errors.pop("email", None)
    if form.errors:
        return _page(work, session, words, values=form.to_show_again(), errors=form.errors, status=422)
    work.hide(session["id"], typed={name: form.values[name] for name in ("email", "holder")})
    method = _method(work, form)
    payer = Payer(email=form.values["email"], name=form.values["holder"], address=form.address())
    try:
        session = paying.pay(work, session, method, payer)
    except ApiError as error:
        if not error.keeps_work:
            raise
        session = work.get(_KIND, session["id"])
        decline, errors = _refusal(error.details, words)
        values = form.to_show_again()
        return _page(work, session, words, values=values, errors=errors, decline=decline, status=402)
    if session["status"] == "complete":
        return embedded.leave(work, session, words)
    intent = work.of_any_kind(work.hidden(session["id"])["intent"]) or {}
    return go(str(intent["next_action"]["redirect_to_url"]["url"]))


def _method(work: Work, form: Form) -> Json:
    billing: Json = {
        "address": {name: value or None for name, value in form.address().items()},
        "email": form.values["email"],
        "name": form.values["holder"],
    }
    kind = form.values["method"]
    if kind == "card":
        month, year = form.expiry
        card = cards.by_number(form.number)
        return methods.add_card(work, card, month=month, year=year, billing=billing)
    if kind == "sepa_debit":
        return methods.add_sepa(work, form.values["iban"], billing=billing)
    if kind == "acss_debit":
        details = {
            "account_number": form.values["account"].replace(" ", ""),
            "institution_number": form.values["institution"],
            "transit_number": form.values["transit"],
        }
        return methods.add_acss(work, details, billing=billing)
    return methods.add_other(work, kind, {}, billing=billing)


def _page(
    work: Work,
    session: Json,
    words: Wording,
    *,
    values: dict[str, str],
    errors: dict[str, str] | None = None,
    decline: str | None = None,
    status: int = 200,
) -> Response:
    return show(
        "pay.html",
        words,
        status=status,
        targets=(session["success_url"], session["cancel_url"]),
        framed_by=embedded.framed_by(session),
        session=session,
        items=work.hidden(session["id"])["items"],
        merchant=merchant(work),
        values=values,
        errors=errors or {},
        decline=decline,
        email_known=_known_email(work, session) is not None,
        card_effects=card_effects(words),
        account_effects=account_effects(words),
    )


def _known(work: Work, session: Json) -> dict[str, str]:
    values = dict.fromkeys(forms.FIELDS, "")
    account = accounts.of(work)
    values["method"] = session["payment_method_types"][0]
    values["country"] = str(((account or {}).get("identity") or {}).get("country") or "CA").upper()
    values |= work.hidden(session["id"]).get("typed", {})
    return values | {"email": _known_email(work, session) or values["email"]}


def _known_email(work: Work, session: Json) -> str | None:
    if session["customer_email"]:
        return str(session["customer_email"])
    if session["customer"] and session["customer_details"] is None:
        customer = work.find("customer", session["customer"])
        return (customer or {}).get("email")
    return None


def _last_error(work: Work, session: Json) -> Json | None:
    intent = work.of_any_kind(work.hidden(session["id"]).get("intent") or "") or {}
    error: Json | None = intent.get("last_payment_error") or intent.get("last_setup_error")
    return error
