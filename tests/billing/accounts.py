"""What tests of payees' accounts ask of the sandbox and of the outbox."""

from datetime import datetime
from typing import Any

from billing.models import ConnectedAccount
from billing.operations import refresh_account
from shared_apps.outbox.models import Event, Message
from tests.payments.sandbox import Sandbox

WEB = "defaults.profile.business_url"


def require(sandbox: Sandbox, account: ConnectedAccount, *keys: str, **more: Any) -> None:
    sandbox.control(f"accounts/{account.processor_id}/require", {"requirements": list(keys), **more})


def looked_at(account: ConnectedAccount, at: datetime | None = None) -> ConnectedAccount:
    return refresh_account(processor_id=account.processor_id, at=at)


def news() -> list[str]:
    """What was told of accounts, in the order in which it was."""
    return [event.payload["news"] for event in Event.objects.filter(kind="billing.account_changed").order_by("id")]


def letters() -> list[tuple[str, str]]:
    return [(each.recipient, each.subject) for each in Message.objects.order_by("created_at", "recipient")]
