"""A card that is typed once for several payees: kept a moment by the platform, lent to the account of each (O-02).

The page takes no money: it names every amount and who is paid, and each is charged on the payee's own account after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from billing.gateway import brands, pages
from billing.gateway.answer import card_label, named_id
from billing.gateway.checkout import locale_of
from billing.gateway.client import ProcessorRefused, speaking

if TYPE_CHECKING:
    import stripe

_EXPAND = ["setup_intent.payment_method"]


@dataclass(frozen=True, slots=True)
class Consent:
    """What became of such a page. `method` is empty until the payer is done; `label`: « Visa •••• 4242 »."""

    metadata: dict[str, str]
    customer: str = ""
    method: str = ""
    label: str = ""


def open_page(
    *,
    currency: str,
    email: str,
    language: str,
    words: str,
    return_url: str,
    cancel_url: str,
    expires_at: datetime,
    metadata: dict[str, str],
    asks_address: bool,
    card_brands: Sequence[str],
) -> str:
    """The address of a new page, on which `words` stand beside the button. One that nobody finishes changes nothing."""
    params: stripe.params.checkout.SessionCreateParams = {
        "mode": "setup",
        "ui_mode": "hosted_page",
        "customer_creation": "always",
        "customer_email": email,
        "currency": currency,
        "allowed_payment_method_types": ["card"],
        "billing_address_collection": "required" if asks_address else "auto",
        "custom_text": {"submit": {"message": words}},
        "locale": locale_of(language),
        "success_url": return_url,
        "cancel_url": cancel_url,
        "expires_at": int(expires_at.timestamp()),
        "metadata": metadata,
        "setup_intent_data": {"metadata": metadata},
    }
    if options := brands.options(card_brands):
        params["payment_method_options"] = options
    with speaking() as stripe_client:
        session = stripe_client.v1.checkout.sessions.create(params)
    return session.url or ""


def look_at(page_id: str) -> Consent:
    named = pages.named(page_id)
    with speaking() as stripe_client:
        session = stripe_client.v1.checkout.sessions.retrieve(named, {"expand": _EXPAND})
    metadata = session.metadata.to_dict() if session.metadata else {}
    intent = session.setup_intent
    if session.status != "complete" or intent is None or isinstance(intent, str) or intent.status != "succeeded":
        return Consent(metadata)
    method = intent.payment_method
    card = None if method is None or isinstance(method, str) else method.card
    if method is None or card is None or session.customer is None:
        return Consent(metadata)
    label = card_label(card.brand, card.last4)
    return Consent(metadata, customer=named_id(session.customer), method=named_id(method), label=label)


def lend(*, account: str, customer: str, method: str, idempotency_key: str) -> str:
    """The same card on a payee's account: its id there."""
    with speaking() as stripe_client:
        lent = stripe_client.v1.payment_methods.create(
            {"customer": customer, "payment_method": method},
            {"stripe_account": account, "idempotency_key": idempotency_key},
        )
    return lent.id


def forget(customer: str) -> None:
    """The platform keeps nobody's card: what it was typed for is done."""
    try:
        with speaking() as stripe_client:
            stripe_client.v1.customers.delete(customer)
    except ProcessorRefused:
        # Forgotten before, by whoever finished the same page.
        pass
