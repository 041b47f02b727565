"""Which cards a page of the processor takes: it is told of the networks that it must refuse (S3-22).

A debit or prepaid card is of the same network as the credit card: the processor refuses a network, not a kind of it.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParamsPaymentMethodOptions

# The processor's networks, and ours that are of them (Rules.card_brands).
_NETWORKS = {
    "american_express": {"amex"},
    "discover_global_network": {"discover"},
    "mastercard": {"mastercard", "mastercard_debit", "mastercard_prepaid"},
    "visa": {"visa", "visa_debit", "visa_prepaid"},
}


def blocked(taken: Collection[str]) -> list[str]:
    """The networks of which no card is among those taken; none where nothing is said of cards."""
    accepted = {network for network, brands in _NETWORKS.items() if brands & set(taken)}
    return [network for network in _NETWORKS if network not in accepted] if accepted else []


def options(taken: Collection[str]) -> "SessionCreateParamsPaymentMethodOptions | None":
    """`payment_method_options` of a page, or None where no network is refused."""
    refused = blocked(taken)
    return {"card": {"restrictions": {"brands_blocked": refused}}} if refused else None
