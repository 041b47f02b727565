"""Pages on which a payer gives another card for what is due later: nothing is paid on them (S2-19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.gateway import brands, pages
from billing.gateway.answer import card_label, named_id, since
from billing.gateway.checkout import locale_of
from billing.gateway.client import speaking

if TYPE_CHECKING:
    import stripe

_EXPAND = ["setup_intent.payment_method"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of such a page. `card` as in Answer; empty until the payer is done."""

    metadata: dict[str, str]
    card: dict[str, str]


def new_customer(*, account: str, idempotency_key: str, email: str, name: str) -> str:
    """Under whom the processor keeps a card, where the first payment kept none. Returns its id."""
    # Who was served at the counter may have no address.
    said = {"name": name, "email": email} if email else {"name": name}
    with speaking() as stripe_client:
        made = stripe_client.v1.customers.create(said, {"stripe_account": account, "idempotency_key": idempotency_key})  # type: ignore[arg-type]
    return made.id


def open_page(
    *,
    account: str,
    customer: str,
    currency: str,
    language: str,
    return_url: str,
    cancel_url: str,
    metadata: dict[str, str],
    card_brands: Sequence[str] = (),
) -> str:
    """The address of a new page. One that nobody finishes runs out by itself and changes nothing."""
    params: stripe.params.checkout.SessionCreateParams = {
        "mode": "setup",
        "ui_mode": "hosted_page",
        "customer": customer,
        "currency": currency,
        "allowed_payment_method_types": ["card"],
        "locale": locale_of(language),
        "success_url": return_url,
        "cancel_url": cancel_url,
        "metadata": metadata,
        "setup_intent_data": {"metadata": metadata},
    }
    if options := brands.options(card_brands):
        params["payment_method_options"] = options
    with speaking() as stripe_client:
        session = stripe_client.v1.checkout.sessions.create(params, {"stripe_account": account})
    return session.url or ""


def look_at(*, account: str, page_id: str) -> Kept:
    named = pages.named(page_id)
    with speaking() as stripe_client:
        session = stripe_client.v1.checkout.sessions.retrieve(named, {"expand": _EXPAND}, {"stripe_account": account})
    return Kept(metadata=session.metadata.to_dict() if session.metadata else {}, card=_card(session))


def _card(session: "stripe.checkout.Session") -> dict[str, str]:
    intent = session.setup_intent
    if session.status != "complete" or intent is None or isinstance(intent, str) or intent.status != "succeeded":
        return {}
    method = intent.payment_method
    card = None if method is None or isinstance(method, str) else method.card
    if card is None or session.customer is None:
        return {}
    return {
        "customer": named_id(session.customer),
        "method": named_id(method),
        "label": card_label(card.brand, card.last4),
        "expires": f"{card.exp_year:04}-{card.exp_month:02}",
        "since": since(session.created),
    }
