"""Families, one function for each person."""

from typing import Any

from kernel import ids
from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.operations import guardians, participants
from tenant_apps.organisation.models import Establishment, Level
from tests.factories.moments import NOON
from tests.factories.organisation import a_user


def a_guardian(*, user: User | None = None, first_name: str = "Marie", last_name: str = "Lapointe") -> Guardian:
    """A guardian with an account."""
    user = user or a_user(first_name=first_name, last_name=last_name)
    return guardians.ensure_guardian(user=user, at=NOON)


def a_guest(email: str = "guest@example.org") -> Guardian:
    return guardians.ensure_guest(
        guest_id=ids.uuid7(), email=email, first_name="Marie", last_name="Lapointe", phone="", language="fr", at=NOON
    )


def a_child(
    first_name: str = "Ada",
    *,
    of: Guardian | None = None,
    last_name: str = "Lapointe",
    level: Level | None = None,
    establishment: Establishment | None = None,
    **more: Any,
) -> Participant:
    """A child, of a guardian of its own if none is named."""
    identity = Identity(
        last_name=last_name,
        first_name=first_name,
        birth_date=more.get("birth_date"),
        level_id=level.id if level else None,
        establishment_id=establishment.id if establishment else None,
    )
    return participants.add_participant(
        guardian_id=(of or a_guardian()).id,
        identity=identity,
        answers=Answers(
            own=more.get("answers", {}), sealed=more.get("sealed", {}), household=more.get("household", {})
        ),
        actor=SYSTEM,
        at=NOON,
    )
