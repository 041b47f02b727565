"""The help that families read: the organisation's welcome, help and guide, and each establishment's own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation.models import Establishment, Profile

# Columns of the profile, and the rules that are addresses of pages elsewhere (S3-17).
TEXTS = ("welcome", "help_text", "contact_email", "contact_phone")
LINKS = ("guide_url", "questions_url")
OF_ESTABLISHMENT = ("help_text", "email", "phone", "address")


@operation
def put_for_everybody(*, said: Mapping[str, str], actor: Actor, at: datetime) -> None:
    profile = lock_one(Profile.objects.all())
    before = {name: getattr(profile, name) for name in TEXTS} | {name: profile.rules.get(name, "") for name in LINKS}
    for name in TEXTS:
        setattr(profile, name, said[name])
    profile.rules = {**profile.rules, **{name: said[name] for name in LINKS}}
    profile.save(update_fields=[*TEXTS, "rules"])
    _record(None, "organisation", before, said, actor, at)


@operation
def put_for_establishment(*, establishment_id: UUID, said: Mapping[str, str], actor: Actor, at: datetime) -> None:
    """Raises Establishment.DoesNotExist."""
    establishment = lock_one(Establishment.objects.filter(pk=establishment_id))
    before = {name: getattr(establishment, name) for name in OF_ESTABLISHMENT}
    for name in OF_ESTABLISHMENT:
        setattr(establishment, name, said[name])
    establishment.save(update_fields=list(OF_ESTABLISHMENT))
    _record(establishment.pk, "establishment", before, said, actor, at)


def _record(
    subject_id: UUID | None,
    subject: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    actor: Actor,
    at: datetime,
) -> None:
    changes = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changes:
        audit.record(
            action="organisation.help_texts",
            subject=subject,
            subject_id=subject_id,
            actor=actor,
            at=at,
            details={"changes": changes},
        )
