"""Closes an account to its holder, and opens it again, by the organisation's decision."""

from datetime import datetime
from uuid import UUID

from allauth.usersessions.models import UserSession

from kernel.transactions import operation
from shared_apps.accounts.models import User
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor


@operation
def disable(*, user_id: UUID, actor: Actor, at: datetime) -> None:
    """Nobody signs in to it any more, and its sessions end. Twice is once."""
    if User.objects.filter(id=user_id, is_active=True).update(is_active=False):
        _record("account.disabled", user_id, actor, at)
    for session in UserSession.objects.filter(user_id=user_id):
        session.end()


@operation
def enable(*, user_id: UUID, actor: Actor, at: datetime) -> None:
    if User.objects.filter(id=user_id, is_active=False).update(is_active=True):
        _record("account.enabled", user_id, actor, at)


def _record(action: str, user_id: UUID, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject="user", subject_id=user_id, actor=actor, at=at)
