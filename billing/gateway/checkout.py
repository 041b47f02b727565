"""Hosted payment pages: opened, looked at and closed on the payee's own account (direct charges)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from billing.gateway import brands
from billing.gateway.answer import Answer, kept_card, method_of
from billing.gateway.client import ProcessorRefused, speaking

if TYPE_CHECKING:
    import stripe

_EXPAND = ["payment_intent.latest_charge"]


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    quantity: int
    unit_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Answer):
    id: str
    url: str
    # What a page that shows it inside is told; nothing of the processor's own page.
    secret: str = ""


def open_page(
    *,
    account: str,
    idempotency_key: str,
    lines: Sequence[Line],
    currency: str,
    email: str,
    language: str,
    return_url: str,
    cancel_url: str,
    expires_at: datetime,
    metadata: dict[str, str],
    asks_address: bool,
    keeps_card: bool = False,
    fee_cents: int = 0,
    methods: Sequence[str] = (),
    card_brands: Sequence[str] = (),
    shown_on: str = "",
) -> Page:
    """Open a page for `lines`. The same key and words give the same page.

    `keeps_card`: for what is due later, which the page tells the payer. `fee_cents`: what the platform keeps of it.
    `methods`: the only ones it offers, as the processor names them; all those of the account where none is named.
    `card_brands`: the only cards it takes; all where none is named.
    `shown_on`: the page of ours that shows it inside, which is then its address; there is no page to cancel from.
    """
    intent: stripe.params.checkout.SessionCreateParams.PaymentIntentData = {"metadata": metadata}  # type: ignore[name-defined]
    if keeps_card:
        intent["setup_future_usage"] = "off_session"
    if fee_cents:
        intent["application_fee_amount"] = fee_cents
    params: stripe.params.checkout.SessionCreateParams = {
        "mode": "payment",
        "ui_mode": "embedded_page" if shown_on else "hosted_page",
        "line_items": [
            {
                "quantity": line.quantity,
                "price_data": {
                    "currency": currency,
                    "unit_amount": line.unit_cents,
                    "product_data": {"name": line.label},
                },
            }
            for line in lines
        ],
        "customer_email": email,
        "locale": locale_of(language),
        "expires_at": int(expires_at.timestamp()),
        "billing_address_collection": "required" if asks_address else "auto",
        "metadata": metadata,
        "customer_creation": "always" if keeps_card else "if_required",
        "payment_intent_data": intent,
    }
    if shown_on:
        params["return_url"] = return_url
    else:
        params |= {"success_url": return_url, "cancel_url": cancel_url}
    if methods:
        params["allowed_payment_method_types"] = list(methods)
    if options := brands.options(card_brands):
        params["payment_method_options"] = options
    with speaking() as stripe_client:
        session = stripe_client.v1.checkout.sessions.create(
            params, {"stripe_account": account, "idempotency_key": idempotency_key}
        )
    return replace(_page(session), url=session.url or shown_on)


def look_at(*, account: str, page_id: str) -> Page:
    with speaking() as stripe_client:
        session = stripe_client.v1.checkout.sessions.retrieve(page_id, {"expand": _EXPAND}, {"stripe_account": account})
    return _page(session)


def close(*, account: str, page_id: str) -> Page:
    """Close a page so that nobody can pay on it any more. One already paid stays paid: look at the outcome."""
    try:
        with speaking() as stripe_client:
            stripe_client.v1.checkout.sessions.expire(page_id, {}, {"stripe_account": account})
    except ProcessorRefused:
        # Only an open page can be closed; what it became instead is what the answer below says.
        pass
    return look_at(account=account, page_id=page_id)


def locale_of(language: str) -> "stripe.params.checkout.SessionCreateParams.locale":  # type: ignore[name-defined]
    return {"fr": "fr", "en": "en", "nl": "nl"}.get(language, "auto")


def _page(session: "stripe.checkout.Session") -> Page:
    named = session.payment_intent
    intent = None if named is None or isinstance(named, str) else named
    return Page(
        id=session.id,
        url=session.url or "",
        secret=session.client_secret or "",
        outcome=_outcome(session),
        amount_cents=session.amount_total or 0,
        currency=session.currency or "",
        intent_id=named if isinstance(named, str) else (intent.id if intent else ""),
        method=method_of(intent) if intent else "",
        card=kept_card(intent) if intent else {},
    )


def _outcome(session: "stripe.checkout.Session") -> str:
    if session.status == "complete":
        return "paid" if session.payment_status == "paid" else _unpaid(session)
    return "expired" if session.status == "expired" else "open"


def _unpaid(session: "stripe.checkout.Session") -> str:
    """A completed page without the money: the bank is still to say, or has said no."""
    intent = session.payment_intent
    if intent is not None and not isinstance(intent, str) and intent.status in {"requires_payment_method", "canceled"}:
        return "failed"
    return "processing"
