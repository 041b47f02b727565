"""Payments with a card that the processor keeps, without a page: what is due later (S2-16, S2-19)."""

from typing import TYPE_CHECKING

import stripe as library

from billing.gateway.answer import Answer, kept_card, method_of
from billing.gateway.client import ProcessorBusy, ProcessorRefused, client, speaking

if TYPE_CHECKING:
    import stripe

_EXPAND = ["latest_charge"]
# What the bank wants is the payer, who is not there: they are asked to come.
NEEDS_PAYER = "authentication_required"


def charge(
    *,
    account: str,
    idempotency_key: str,
    customer: str,
    method: str,
    cents: int,
    currency: str,
    is_off_session: bool,
    fee_cents: int,
    metadata: dict[str, str],
    keeps_card: bool = False,
) -> Answer:
    """Take `cents` from a card without a page. A refusal of the bank is an answer: failed, with its code.

    `customer`: under whom it is kept, or nobody. `keeps_card`: for what is due later; it needs a customer.
    A bank that wants to ask the payer has refused: whoever wants that opens a page.

    Raises ProcessorUnavailable, ProcessorBusy where an earlier request has the same key, and ProcessorRefused for
    what no bank was asked.
    """
    params: stripe.params.PaymentIntentCreateParams = {
        "amount": cents,
        "currency": currency,
        "payment_method": method,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "confirm": True,
        "metadata": metadata,
        "expand": _EXPAND,
    }
    if customer:
        params["customer"] = customer
    if keeps_card:
        params["setup_future_usage"] = "off_session"
    if is_off_session:
        params["off_session"] = True
    else:
        params["error_on_requires_action"] = True
    if fee_cents:
        params["application_fee_amount"] = fee_cents
    try:
        with speaking():
            intent = client().v1.payment_intents.create(
                params, {"stripe_account": account, "idempotency_key": idempotency_key}
            )
    except ProcessorRefused as refused:
        error = refused.__cause__
        if isinstance(error, library.CardError):
            return _refused(error, cents, currency)
        if isinstance(error, library.IdempotencyError):
            # Asked before with another card: what became of that is found by `find`, never asked for again.
            raise ProcessorBusy(str(error)) from error
        raise
    return _answer(intent)


def look_at(*, account: str, intent_id: str) -> Answer:
    with speaking() as stripe_client:
        return _answer(
            stripe_client.v1.payment_intents.retrieve(intent_id, {"expand": _EXPAND}, {"stripe_account": account})
        )


def find(*, account: str, payment: str) -> Answer | None:
    """The intent that carries `payment` in its metadata: what a request without an answer may have made."""
    with speaking() as stripe_client:
        found = stripe_client.v1.payment_intents.search(
            {"query": f"metadata['payment']:'{payment}'", "limit": 10, "expand": [f"data.{each}" for each in _EXPAND]},
            {"stripe_account": account},
        )
    # Of a page that was tried several times, the one that was paid.
    answers = sorted((_answer(intent) for intent in found.data), key=lambda answer: answer.outcome != "paid")
    return answers[0] if answers else None


def _answer(intent: "stripe.PaymentIntent") -> Answer:
    error = intent.last_payment_error
    return Answer(
        outcome=_OUTCOMES.get(intent.status, "open"),
        amount_cents=intent.amount,
        currency=intent.currency,
        intent_id=intent.id,
        method=method_of(intent),
        failure=(error.decline_code or error.code or "") if error else "",
        card=kept_card(intent),
    )


_OUTCOMES = {
    "succeeded": "paid",
    "processing": "processing",
    "requires_payment_method": "failed",
    "requires_action": "failed",
    "canceled": "expired",
}


def _refused(error: "library.CardError", cents: int, currency: str) -> Answer:
    body = error.error
    intent = getattr(body, "payment_intent", None) if body else None
    return Answer(
        outcome="failed",
        amount_cents=cents,
        currency=currency,
        intent_id=intent.id if intent else "",
        failure=(getattr(body, "decline_code", None) if body else None) or error.code or "card_declined",
    )
