"""Who read what families said about a child's health: kept in the trail at each reading, shown to the family."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from tenant_apps.organisation.models import Role

READ = "health.read"

# Why a page shows it; a person who was asked says so in words of their own.
REASONS: dict[str, str | Promise] = {
    "group": _("Liste d’un groupe"),
    "order": _("Réponses jointes à une commande"),
    "record": _("Fiche de la personne"),
    "file": _("Document joint à une réponse"),
    "changes": _("Fiches modifiées"),
    "request": _("Demande de soutien"),
    "change": _("Demandes de changement"),
    "counter": _("Inscription faite avec la famille"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """As a page shows it: by whom and in what role, when, and why."""

    at: datetime
    reader: str
    role: str | Promise
    reason: str | Promise
    children: tuple[UUID, ...]


def record(
    *,
    actor: Actor,
    role: str,
    subject: str,
    subject_id: UUID | None,
    participant_ids: Iterable[UUID],
    reason: str,
    at: datetime,
) -> None:
    """Nothing is kept where nothing was there to read. `reason`: one of REASONS, or a person's own words."""
    children = sorted({str(each) for each in participant_ids})
    if children:
        audit.record(
            action=READ,
            subject=subject,
            subject_id=subject_id,
            actor=actor,
            at=at,
            details={"children": children, "reason": reason, "role": role},
        )


def all_readings() -> QuerySet[Entry]:
    """Newest first."""
    return Entry.objects.filter(action=READ).order_by("-at", "-id")


def of_children(participant_ids: Iterable[object]) -> list[Reading]:
    """Of any of them, newest first, in one query; the staff's names are left out: families are told the role."""
    about = Q()
    for participant_id in participant_ids:
        about |= Q(details__children__contains=[str(participant_id)])
    return [replace(told(entry), reader="") for entry in all_readings().filter(about)] if about else []


def told(entry: Entry) -> Reading:
    details = entry.details
    return Reading(
        at=entry.at,
        reader=entry.actor_label,
        role=dict(Role.choices).get(details.get("role", ""), ""),
        reason=REASONS.get(details.get("reason", ""), details.get("reason", "")),
        children=tuple(UUID(each) for each in details.get("children", [])),
    )
