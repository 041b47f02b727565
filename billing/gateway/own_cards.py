"""The page on which an organisation gives the card that pays its subscription. Nothing is paid on it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from billing.gateway import pages
from billing.gateway.answer import card_label, named_id
from billing.gateway.checkout import locale_of
from billing.gateway.client import speaking

if TYPE_CHECKING:
    import stripe

# In the metadata of the page, and of what the processor tells of it.
PURPOSE = "subscription_card"


@dataclass(frozen=True, slots=True)
class Given:
    """`method` is empty until the card is given; `label`: « Visa •••• 4242 »."""

    customer: str = ""
    method: str = ""
    label: str = ""


def open_page(*, customer: str, currency: str, organisation: str, language: str, back: str) -> str:
    """The address of a new page, that comes back to `back`, whose {CHECKOUT_SESSION_ID} the processor fills in."""
    metadata = {"organisation": organisation, "purpose": PURPOSE}
    params: stripe.params.checkout.SessionCreateParams = {
        "mode": "setup",
        "ui_mode": "hosted_page",
        "customer": customer,
        "currency": currency,
        "allowed_payment_method_types": ["card"],
        "locale": locale_of(language),
        "success_url": back,
        "cancel_url": back.partition("?")[0],
        "metadata": metadata,
        "setup_intent_data": {"metadata": metadata},
    }
    with speaking() as stripe_client:
        return stripe_client.v1.checkout.sessions.create(params).url or ""


def of_page(page_id: str) -> Given:
    """What became of the page."""
    with speaking() as stripe_client:
        session = stripe_client.v1.checkout.sessions.retrieve(
            pages.named(page_id), {"expand": ["setup_intent.payment_method"]}
        )
    intent = session.setup_intent
    return Given() if intent is None or isinstance(intent, str) else _given(intent)


def of_intent(intent_id: str) -> Given:
    """The same, as the processor tells of it when nobody came back."""
    with speaking() as stripe_client:
        return _given(stripe_client.v1.setup_intents.retrieve(intent_id, {"expand": ["payment_method"]}))


def _given(intent: "stripe.SetupIntent") -> Given:
    method = intent.payment_method
    purpose = (intent.metadata.to_dict() if intent.metadata else {}).get("purpose")
    card = None if method is None or isinstance(method, str) else method.card
    if intent.status != "succeeded" or purpose != PURPOSE or card is None or intent.customer is None:
        return Given()
    return Given(customer=named_id(intent.customer), method=named_id(method), label=card_label(card.brand, card.last4))
