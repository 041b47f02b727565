"""What the processor says of one payment, whether it was made on a page or with a card that it keeps."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import stripe

_BRANDS = {"amex": "American Express", "mastercard": "Mastercard", "unionpay": "UnionPay", "jcb": "JCB"}


@dataclass(frozen=True, slots=True)
class Answer:
    """`outcome` is open, paid, processing (the bank will say), failed (it said no) or expired.

    `method`: « Visa •••• 4242 », or the kind of payment, or nothing while unpaid. `failure`: the processor's own code.
    `card`: {"customer", "method", "label", "expires": "2030-04", "since"} where it is kept for later, else empty.
    """

    outcome: str
    amount_cents: int
    currency: str
    intent_id: str
    method: str = ""
    failure: str = ""
    card: dict[str, str] = field(default_factory=dict)


def method_of(intent: "stripe.PaymentIntent") -> str:
    charge = intent.latest_charge
    if charge is None or isinstance(charge, str) or charge.payment_method_details is None:
        return ""
    details = charge.payment_method_details
    card = getattr(details, "card", None)
    if details.type == "card" and card:
        return card_label(card.brand or "", card.last4 or "")
    return details.type.replace("_", " ").capitalize()


def card_label(brand: str, last4: str) -> str:
    return f"{_BRANDS.get(brand, brand.title())} •••• {last4}"


def kept_card(intent: "stripe.PaymentIntent") -> dict[str, str]:
    """The card that paid, where the processor keeps it for payments to come."""
    charge = intent.latest_charge
    details = None if charge is None or isinstance(charge, str) else charge.payment_method_details
    card = getattr(details, "card", None)
    if intent.setup_future_usage is None or card is None or not intent.customer or not intent.payment_method:
        return {}
    return {
        "customer": named_id(intent.customer),
        "method": named_id(intent.payment_method),
        "label": card_label(card.brand or "", card.last4 or ""),
        "expires": f"{card.exp_year:04}-{card.exp_month:02}",
        "since": since(intent.created),
    }


def since(moment: int) -> str:
    """As text it sorts by time: of two cards, the one that was given last counts."""
    return f"{moment:012}"


def named_id(named: object) -> str:
    """Of what the processor names alone, or writes out."""
    return named if isinstance(named, str) else str(named.id)  # type: ignore[attr-defined]
