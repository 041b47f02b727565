"""Requests to open an organisation: asked and proved by a stranger, answered by an operator, each told and traced."""

from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import GUEST, Actor
from tenant_apps.console import telling, trails
from tenants.models import Organisation, SignUp, SignUpState
from tenants.operations import sign_up
from tenants.operations.sign_up import Wish

# Which text of the conditions is accepted, as the trail keeps it.
CONDITIONS = "2026-11"


@operation
def ask(*, wish: Wish, at: datetime) -> SignUp:
    """The conditions are accepted; a code goes to the owner. Raises ArrivalsClosed, SlugTaken and SlugReserved."""
    asked, code = sign_up.ask(wish=wish, at=at)
    telling.send_code(asked, code, at=at)
    _record("sign_ups.asked", asked.pk, GUEST, at, conditions=CONDITIONS)
    return asked


@operation
def send_code_again(*, asked: SignUp, at: datetime) -> None:
    """Raises TooManyAttempts."""
    telling.send_code(asked, sign_up.renew_code(sign_up_id=asked.pk, at=at), at=at)


@operation
def claim(*, sign_up_id: UUID, slug: str, at: datetime) -> SignUp:
    """Raises ArrivalsClosed, SlugTaken, SlugReserved and TooManyRequests."""
    asked = sign_up.claim(sign_up_id=sign_up_id, slug=slug, at=at)
    is_done_now = asked.confirmed_at == at and asked.state != SignUpState.UNCONFIRMED
    if is_done_now:
        _record("sign_ups.confirmed", sign_up_id, GUEST, at)
        if asked.state == SignUpState.WAITING:
            telling.received(asked, at=at)
    return asked


@operation
def approve(*, sign_up_id: UUID, actor: Actor, at: datetime) -> Organisation:
    """Raises AlreadyDecided, SlugTaken and NotServedHere."""
    organisation = sign_up.approve(sign_up_id=sign_up_id, by=actor.label, at=at)
    _record("sign_ups.approved", sign_up_id, actor, at)
    trails.record("organisations.created", organisation.pk, actor, at)
    telling.accepted(sign_up.found(sign_up_id), at=at)
    return organisation


@operation
def refuse(*, sign_up_id: UUID, words: str, actor: Actor, at: datetime) -> None:
    """Raises AlreadyDecided."""
    asked = sign_up.refuse(sign_up_id=sign_up_id, words=words, by=actor.label, at=at)
    _record("sign_ups.refused", sign_up_id, actor, at, words=words)
    telling.refused(asked, at=at)


def _record(action: str, sign_up_id: UUID, actor: Actor, at: datetime, **details: str) -> None:
    audit.record(action=action, subject="sign_up", subject_id=sign_up_id, actor=actor, at=at, details=details)
