"""What the processor tells us: verified before anything is believed."""

import json
from dataclasses import dataclass
from typing import Any

import stripe
from django.conf import settings

from billing.gateway.client import client

# As the inbox keeps the kind of an event, the shortest of its names.
_LONGEST = 100


class Forged(Exception):
    """Not signed by the processor, signed too long ago, or no event at all."""


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
        return _received(event.to_dict())
    except stripe.SignatureVerificationError as error:
        raise Forged(str(error)) from error
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise Forged("This is no event.") from error


def _received(data: dict[str, Any]) -> Received:
    """Raises ValueError, TypeError, AttributeError or KeyError for what can be no event."""
    name, kind, account = data["id"], data["type"], data.get("account") or ""
    if not all(isinstance(each, str) and len(each) <= _LONGEST for each in (name, kind, account)):
        raise ValueError
    # No sign of number nought: the database keeps none.
    if not isinstance(data["data"]["object"], dict) or "\\u0000" in json.dumps(data):
        raise ValueError
    return Received(id=name, kind=kind, account=account, is_live=bool(data.get("livemode")), payload=data)
