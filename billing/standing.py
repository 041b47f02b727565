"""How an account at the processor stands: what it may do, what is asked of it, and what staff are told of a change.

A change and the word of it are written in one transaction, with the account's row locked: it is told once, however
many roads bring the news and in whatever order.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.gateway.accounts import USER, Account
from billing.models import ConnectedAccount
from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenants.context import in_organisation, in_registry
from tenants.models import SERVED, Organisation

# The event that the rooms above hear; its payload is {"account", "news", "days", "at"}.
TOLD = "billing.account_changed"
# So many days before something stops, staff are told of it.
STEPS = (14, 7, 2)


class Standing(models.TextChoices):
    TO_FINISH = "to_finish", _("À compléter")
    IN_SERVICE = "in_service", _("En service")
    PAYMENTS_STOPPED = "payments_stopped", _("Paiements arrêtés")
    PAYOUTS_STOPPED = "payouts_stopped", _("Virements arrêtés")
    DISCONNECTED = "disconnected", _("Déconnecté")


# How the name of each is marked; what is over is not.
LOOKS: Mapping[str, str] = {
    Standing.TO_FINISH: "warn",
    Standing.IN_SERVICE: "ok",
    Standing.PAYMENTS_STOPPED: "bad",
    Standing.PAYOUTS_STOPPED: "bad",
}


class News(StrEnum):
    PAYMENTS_STOPPED = "payments_stopped"
    PAYOUTS_STOPPED = "payouts_stopped"
    ASKED = "asked"
    DEADLINE = "deadline"
    WELL = "well"


def of(account: ConnectedAccount) -> Standing:
    if account.is_disconnected:
        return Standing.DISCONNECTED
    if not account.charges_enabled:
        return Standing.PAYMENTS_STOPPED if account.opened_at else Standing.TO_FINISH
    return Standing.IN_SERVICE if account.payouts_enabled else Standing.PAYOUTS_STOPPED


def stopped(processor_ids: Collection[str]) -> frozenset[str]:
    """Those of them that take no payment online, as it is known here. One that nobody knows is not among them."""
    found = ConnectedAccount.objects.filter(processor_id__in=processor_ids, charges_enabled=False)
    return frozenset(found.values_list("processor_id", flat=True))


def never_opened(processor_id: str) -> bool:
    """Whether it never took money so far, or takes none any more: what is sold through it waits for it."""
    found = ConnectedAccount.objects.filter(processor_id=processor_id, charges_enabled=False)
    return any(account.opened_at is None or account.is_disconnected for account in found)


def asked_of_us(account: ConnectedAccount) -> list[str]:
    """What the organisation's own people have to give, in the processor's keys."""
    return [each["key"] for each in account.requirements if each["by"] == USER]


def columns(account: Account) -> dict[str, object]:
    return {
        "charges_enabled": account.charges_enabled,
        "payouts_enabled": account.payouts_enabled,
        "requirements": account.requirements,
        "requirements_due": [each["key"] for each in account.requirements],
        "deadline_at": account.deadline_at,
    }


@operation
def write(*, processor_id: str, account: Account, at: datetime) -> ConnectedAccount:
    """Keep what the processor answered to a question of `at`; what was asked later is known better already."""
    with in_registry():
        kept = lock_one(ConnectedAccount.objects.filter(processor_id=processor_id))
        if kept.is_disconnected or (kept.checked_at is not None and kept.checked_at > at):
            return kept
        before = _Before(kept)
        for name, value in columns(account).items():
            setattr(kept, name, value)
        kept.checked_at = at
        if kept.charges_enabled and kept.opened_at is None:
            kept.opened_at = at
        if kept.deadline_at != before.deadline_at:
            kept.deadline_told = None
        news = _news(before, kept)
        step = _step(kept, at)
        if step is not None:
            kept.deadline_told = step
            news = news or News.DEADLINE
        kept.save()
        if news is not None:
            _tell(kept, news, at)
        return kept


class _Before:
    """What was known, of what staff may have been told."""

    def __init__(self, account: ConnectedAccount) -> None:
        self.standing = of(account)
        self.asked = set(asked_of_us(account))
        self.deadline_at = account.deadline_at


def _news(before: _Before, now: ConnectedAccount) -> News | None:
    standing = of(now)
    if standing != before.standing:
        if standing == Standing.PAYMENTS_STOPPED:
            return News.PAYMENTS_STOPPED
        if standing == Standing.PAYOUTS_STOPPED and before.standing != Standing.PAYMENTS_STOPPED:
            return News.PAYOUTS_STOPPED
    asked = set(asked_of_us(now))
    if asked - before.asked:
        return News.ASKED
    was_well = before.standing == Standing.IN_SERVICE and not before.asked
    return News.WELL if standing == Standing.IN_SERVICE and not asked and not was_well else None


def _step(account: ConnectedAccount, at: datetime) -> int | None:
    """The step that is reached before the deadline and was not told yet, where there is something for staff to do."""
    if account.deadline_at is None or account.deadline_at <= at or not asked_of_us(account):
        return None
    left = account.deadline_at - at
    reached = [step for step in STEPS if left <= timedelta(days=step)]
    if not reached or (account.deadline_told is not None and account.deadline_told <= reached[-1]):
        return None
    return reached[-1]


def days_left(account: ConnectedAccount, at: datetime) -> int | None:
    """Before something stops, the day that has begun included."""
    if account.deadline_at is None or account.deadline_at <= at:
        return None
    return -((at - account.deadline_at) // timedelta(days=1))


def _tell(account: ConnectedAccount, news: News, at: datetime) -> None:
    organisation = Organisation.objects.get(pk=account.organisation_id)
    if organisation.state not in SERVED:
        return
    with in_organisation(organisation):
        payload = {
            "account": account.processor_id,
            "news": str(news),
            "days": days_left(account, at),
            "at": at.isoformat(),
        }
        outbox.tell(kind=TOLD, payload=payload, at=at)
