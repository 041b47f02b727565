"""One look of the platform's staff at the workplace: who, by which leave, until when; kept in its own session."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase

from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation.models import Role
from tenants import support
from tenants.context import current
from tenants.models import SupportGrant
from tenants.support import Passport

BEGUN, READ = "support.begun", "support.read"
_KEY = "support"


@dataclass(frozen=True, slots=True)
class Visit:
    """`role`: what may be looked at is what an auditor may read."""

    grant: SupportGrant
    operator_id: UUID
    operator: str
    role: str = Role.AUDITOR

    @property
    def actor(self) -> Actor:
        return Actor(kind="operator", user_id=self.operator_id, label=self.operator)


def begin(session: SessionBase, passport: Passport, *, at: datetime) -> None:
    """In a session of its own: whoever was signed in with this browser is signed out."""
    session.flush()
    grant = SupportGrant.objects.get(pk=passport.grant_id)
    session[_KEY] = [str(grant.pk), str(passport.operator_id), passport.operator]
    session.set_expiry(max(1, int((grant.ends_at - at).total_seconds())))
    visit = Visit(grant, passport.operator_id, passport.operator)
    audit.record(action=BEGUN, subject="support", subject_id=grant.pk, actor=visit.actor, at=at)


def is_claimed(session: SessionBase) -> bool:
    """Is this session a visitor's, whether or not it still may look?"""
    return _KEY in session


def of(session: SessionBase, *, at: datetime) -> Visit | None:
    """None once the leave has ended, or who looks has no account any more: both are asked each time."""
    grant_id, operator_id, operator = session[_KEY]
    grant = support.open_of(current(), at=at).filter(pk=grant_id).first()
    if grant is None or not support.is_operator(UUID(operator_id)):
        return None
    return Visit(grant, UUID(operator_id), operator)


def note(visit: Visit, *, address: str, at: datetime) -> None:
    """Written before the page is made: what cannot be written down is not shown."""
    audit.record(
        action=READ,
        subject="support",
        subject_id=visit.grant.pk,
        actor=visit.actor,
        at=at,
        details={"address": address},
    )
