"""Leave that an organisation gives the platform's staff to look at its workplace: for a ticket, for some hours.

Without it nobody of the platform reads a row of an organisation. It ends by itself: whether it is open is asked at
each page, of the clock.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.cache import cache
from django.db.models import QuerySet

from kernel import signing
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts.models import User
from shared_apps.audit.actors import Actor
from tenants.context import current, in_operations, in_organisation, in_registry
from tenants.models import Organisation, SupportGrant

# The way from the console to the workplace is for one browser, now.
_PASSPORT_SECONDS = 60
_PURPOSE = "support passport"


class NoGrant(Refusal):
    """There is no open leave, or what was shown is not of one."""

    code = "no_support_grant"


@dataclass(frozen=True, slots=True)
class Passport:
    """Who of the platform comes by which leave."""

    grant_id: UUID
    operator_id: UUID
    operator: str


@operation
def grant(*, ticket: str, reason: str, hours: int, shows_names: bool, granted_by: str, at: datetime) -> SupportGrant:
    """Inside the organisation. The database refuses what would last longer than eight hours."""
    organisation = current()
    with in_registry():
        return SupportGrant.objects.create(
            organisation=organisation,
            ticket=ticket,
            reason=reason,
            shows_names=shows_names,
            granted_by=granted_by,
            granted_at=at,
            ends_at=at + timedelta(hours=hours),
        )


@operation
def end(*, grant_id: UUID, ended_by: str, at: datetime) -> None:
    """Before its time, by the organisation that gave it or by who looks. Ending twice is ending once."""
    organisation = current()
    with in_registry():
        open_of(organisation, at=at).filter(pk=grant_id).update(ended_at=at, ended_by=ended_by)


def open_of(organisation: Organisation, *, at: datetime) -> QuerySet[SupportGrant]:
    """The latest last. Read inside the organisation, or on the registry."""
    grants = SupportGrant.objects.select_related("organisation").filter(organisation=organisation, ended_at=None)
    return grants.filter(granted_at__lte=at, ends_at__gt=at).order_by("granted_at")


def is_operator(user_id: UUID) -> bool:
    """Has that person still an account with the platform? Asked at each page: a leave may outlast it."""
    with in_operations():
        return User.objects.filter(pk=user_id, is_active=True).exists()


def passport(grant: SupportGrant, operator: Actor) -> str:
    """A text that the organisation's host takes once, within a minute."""
    told = [str(grant.pk), str(operator.user_id), operator.label, secrets.token_urlsafe(9)]
    with in_organisation(grant.organisation):
        return signing.sign(told, purpose=_PURPOSE)


def shown(signed: str, *, at: datetime) -> Passport:
    """Inside the organisation. Raises NoGrant for another organisation's, a used or an old one, or an ended leave."""
    try:
        grant_id, operator_id, operator, nonce = signing.read(
            signed, purpose=_PURPOSE, max_age_seconds=_PASSPORT_SECONDS
        )
    except signing.BadSignature:
        raise NoGrant from None
    if not open_of(current(), at=at).filter(pk=grant_id).exists():
        raise NoGrant
    if not cache.add(f"support/{nonce}", 1, _PASSPORT_SECONDS * 2):
        raise NoGrant
    return Passport(UUID(grant_id), UUID(operator_id), operator)
