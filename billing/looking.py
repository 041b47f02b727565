"""Asks the processor again after every account: when it says that something changed, and each day in any case."""

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db.models import Q

from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from billing.models import ConnectedAccount
from billing.operations import refresh_account
from tenants.context import in_registry

log = structlog.get_logger(__name__)

# Looked at so often, whatever the processor says of it or forgets to say.
EVERY = timedelta(hours=22)
# The names under which it says that an account is not what it was, in both versions of its events.
KINDS = (
    "account.updated",
    "account.external_account.created",
    "account.external_account.deleted",
    "account.external_account.updated",
    "v2.core.account.updated",
    "v2.core.account.closed",
    "v2.core.account[requirements].updated",
    "v2.core.account[identity].updated",
    "v2.core.account[configuration.merchant].updated",
    "v2.core.account[configuration.merchant].capability_status_updated",
)
# The account itself took leave of the platform: the event names the platform's application instead of the account.
LEFT = "account.application.deauthorized"


def changed(thing: dict[str, Any]) -> None:
    """Inside the organisation of the event's account, whose database role sees its own accounts alone.

    The event is believed in nothing: it says where to look. What it names besides is of no account of ours.
    """
    named = str(thing.get("account") or thing.get("id", ""))
    if ConnectedAccount.objects.filter(processor_id=named).exists():
        refresh_account(processor_id=named)


def left(_thing: dict[str, Any]) -> None:
    for processor_id in ConnectedAccount.objects.filter(disconnected_at=None).values_list("processor_id", flat=True):
        refresh_account(processor_id=processor_id)


def look_again(*, at: datetime) -> None:
    """Every account of every organisation that nobody asked after for a day. One that fails keeps no other waiting."""
    with in_registry():
        stale = Q(checked_at=None) | Q(checked_at__lte=at - EVERY)
        due = ConnectedAccount.objects.filter(stale, disconnected_at=None).order_by("checked_at", "id")
        processor_ids = list(due.values_list("processor_id", flat=True))
    for processor_id in processor_ids:
        try:
            refresh_account(processor_id=processor_id, at=at)
        except ProcessorRefused as error:
            log.warning("billing.account_not_shown", account=processor_id, code=error.code)
        except ProcessorUnavailable:
            # The others would wait as long for nothing; all come round again.
            return
