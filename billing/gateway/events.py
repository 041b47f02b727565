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
    id: str
    kind: str
    account: str
    payload: dict[str, Any]


def verified(body: bytes, signature: str) -> Received:
    """Raises Forged."""
    try:
        event = client().construct_event(body, signature, settings.STRIPE_WEBHOOK_SECRET)
    except (ValueError, TypeError, stripe.SignatureVerificationError) as error:
        raise Forged(str(error)) from error
    data = event.to_dict()
    return Received(id=event.id, kind=event.type, account=str(data.get("account") or ""), payload=data)
