"""What the processor tells us: verified before anything is believed."""

from dataclasses import dataclass
from typing import Any

import stripe
from django.conf import settings

from billing.gateway.client import client


class Forged(Exception):
    """Not signed by the processor, or signed too long ago."""


@dataclass(frozen=True, slots=True)
class Received:
    """`is_live`: of real money, as against that of trials."""

    id: str
    kind: str
    account: str
    is_live: bool
    payload: dict[str, Any]

    @property
    def is_of_our_mode(self) -> bool:
        """The processor tells a real platform of its accounts' trials too."""
        return self.is_live == ("_live_" in settings.STRIPE_SECRET_KEY)


def verified(body: bytes, signature: str) -> Received:
    """Raises Forged."""
    try:
        event = client().construct_event(body, signature, settings.STRIPE_WEBHOOK_SECRET)
    except (ValueError, TypeError, stripe.SignatureVerificationError) as error:
        raise Forged(str(error)) from error
    data = event.to_dict()
    return Received(
        id=event.id,
        kind=event.type,
        account=str(data.get("account") or ""),
        is_live=bool(data.get("livemode")),
        payload=data,
    )
