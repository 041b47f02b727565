"""What staff correct about a guardian: the address, who is invoiced, and with whom the person lives."""

from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.families import locks
from tenant_apps.families.models import Guardian, Household
from tenant_apps.families.operations import links
from tenant_apps.families.operations.claiming import NAMED_BY_ADDRESS


@operation
def correct_email(*, guardian_id: UUID, email: str, actor: Actor, at: datetime) -> None:
    """Where messages go from now on (S3-34); told at both addresses.

    The address that an account signs in with is its holder's own to change: staff could open the account otherwise.
    """
    guardian = _locked(guardian_id)
    before, email = guardian.email, email.strip().lower()
    if email == before.lower():
        return
    guardian.email = email
    _vouch_for_address(guardian)
    guardian.save(update_fields=["email", "locked_fields"])
    _record("guardian.email_corrected", guardian, actor, at)
    told = {"guardian": str(guardian_id), "addresses": [before, email], "key": at.isoformat()}
    outbox.tell(kind="guardian.email_corrected", payload=told, at=at)


@operation
def set_billing(*, guardian_id: UUID, is_billable: bool, receives_slips: bool, actor: Actor, at: datetime) -> None:
    """S4-22: who may be invoiced and act, and who receives the tax slips."""
    guardian = _locked(guardian_id)
    if (guardian.is_billable, guardian.receives_slips) == (is_billable, receives_slips):
        return
    Guardian.objects.filter(id=guardian_id).update(is_billable=is_billable, receives_slips=receives_slips)
    _record("guardian.billing_changed", guardian, actor, at, is_billable=is_billable, receives_slips=receives_slips)


@operation
def invite_to_sign_up(*, guardian_id: UUID, actor: Actor, at: datetime) -> None:
    """Ask somebody without an account to open one with the address that the organisation knows; one mail a day."""
    guardian = _locked(guardian_id)
    if guardian.user_id is not None:
        return
    _vouch_for_address(guardian)
    guardian.save(update_fields=["locked_fields"])
    _record("guardian.invited", guardian, actor, at)
    outbox.tell(kind="guardian.invited", payload={"guardian": str(guardian_id), "key": at.date().isoformat()}, at=at)


@operation
def split_household(*, guardian_id: UUID, actor: Actor, at: datetime) -> None:
    """The person lives apart from now on, and takes along none of what the household answered."""
    guardian = _locked(guardian_id)
    guardian.household = Household.objects.create(created_at=at)
    guardian.save(update_fields=["household"])
    _record("guardian.household_split", guardian, actor, at)


@operation
def join_household(*, guardian_id: UUID, other_id: UUID, actor: Actor, at: datetime) -> None:
    """The person lives with the other: what that household answered is from now on shared."""
    links.share_household(host_id=other_id, guest_id=guardian_id, at=at)
    _record("guardian.household_joined", _locked(guardian_id), actor, at, other=str(other_id))


def _locked(guardian_id: UUID) -> Guardian:
    """Raises Guardian.DoesNotExist, for one that was merged into another too."""
    locks.guardian(guardian_id)
    return Guardian.objects.get(id=guardian_id, merged_into=None)


def _vouch_for_address(guardian: Guardian) -> None:
    """Who opens an account with the address and proves it is theirs becomes this guardian (operations.claiming)."""
    if guardian.user_id is None and NAMED_BY_ADDRESS not in guardian.locked_fields:
        guardian.locked_fields = [*guardian.locked_fields, NAMED_BY_ADDRESS]


def _record(action: str, guardian: Guardian, actor: Actor, at: datetime, **details: Any) -> None:
    audit.record(action=action, subject="guardian", subject_id=guardian.id, actor=actor, at=at, details=details)
