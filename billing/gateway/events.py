"""What the processor tells us: verified before anything is believed."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import stripe
from django.conf import settings

from billing.gateway.client import client

# As the inbox keeps the kind of an event, the shortest of its names.
_LONGEST = 100
# What an event of the second version of the processor's interface calls itself.
_THIN = "v2.core.event"


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
    """Signed by one of the secrets of the settings, one for each of the processor's doors. Raises Forged."""
    *others, last = settings.STRIPE_WEBHOOK_SECRET.split(",")
    for secret in others:
        with suppress(Forged):
            return _verified(body, signature, secret)
    return _verified(body, signature, last)


def _verified(body: bytes, signature: str, secret: str) -> Received:
    try:
        stripe.WebhookSignature.verify_header(body.decode(), signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
        told = json.loads(body)
        if told.get("object") == _THIN:
            return _received(_of_an_account(told))
        client().construct_event(body, signature, secret)
        # As it was written: the library makes numbers of some texts, which are no JSON any more.
        return _received(json.loads(body))
    except stripe.SignatureVerificationError as error:
        raise Forged(str(error)) from error
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise Forged("This is no event.") from error


def _of_an_account(told: dict[str, Any]) -> dict[str, Any]:
    """An event of the second version names what it is about, and shows nothing of it."""
    about = told["related_object"]
    if about["type"] != "v2.core.account":
        raise ValueError
    return {**told, "account": about["id"], "data": {"object": {"id": about["id"]}}}


def _received(data: dict[str, Any]) -> Received:
    """Raises ValueError, TypeError, AttributeError or KeyError for what can be no event."""
    name, kind, account = data["id"], data["type"], data.get("account") or ""
    if not all(isinstance(each, str) and len(each) <= _LONGEST for each in (name, kind, account)):
        raise ValueError
    # No sign of number nought: the database keeps none.
    if not isinstance(data["data"]["object"], dict) or "\\u0000" in json.dumps(data):
        raise ValueError
    return Received(id=name, kind=kind, account=account, is_live=bool(data.get("livemode")), payload=data)
