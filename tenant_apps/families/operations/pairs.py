"""What merging two participants and merging two guardians have in common."""

from collections.abc import Collection
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.database import lock
from kernel.errors import Refusal
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.families.models import Guardian, LinkKind, LinkRequest, LinkStatus, Participant

Person = TypeVar("Person", Participant, Guardian)


class SameRecord(Refusal):
    code = "same_record"
    message = _("Choisissez deux dossiers différents.")


class AlreadyMerged(Refusal):
    code = "already_merged"
    message = _("L’un de ces dossiers vient d’être fusionné ou retiré. Revenez à la liste.")


class DifferentNumbers(Refusal):
    code = "different_numbers"
    message = _("Ces dossiers portent deux numéros nationaux différents\u202f: ce sont deux personnes.")


def locked(people: QuerySet[Person], kept_id: UUID, gone_id: UUID) -> tuple[Person, Person]:
    """Both rows: two who merge the same pair at once wait for each other.

    Raises SameRecord, AlreadyMerged, or DifferentNumbers.
    """
    if kept_id == gone_id:
        raise SameRecord
    found = {each.pk: each for each in lock(people.filter(pk__in=[kept_id, gone_id], merged_into=None))}
    if len(found) < 2:
        raise AlreadyMerged
    kept, gone = found[kept_id], found[gone_id]
    if kept.national_number_hash and gone.national_number_hash not in ("", kept.national_number_hash):
        raise DifferentNumbers
    return kept, gone


def move_requests(kept_id: UUID, gone_id: UUID, *, column: str, other: str) -> None:
    """A claim that waits for both, or that both made, is one claim. The columns are those of LinkRequest."""
    waiting = LinkRequest.objects.filter(kind=LinkKind.CLAIM, status=LinkStatus.PENDING)
    both = waiting.filter(**{column: kept_id}).values(other)
    waiting.filter(**{column: gone_id, f"{other}__in": both}).update(status=LinkStatus.CANCELLED)
    LinkRequest.objects.filter(**{column: gone_id}).update(**{column: kept_id})


def record(
    action: str, kept_id: UUID, gone_id: UUID, from_gone: Collection[str], *, actor: Actor, at: datetime
) -> None:
    audit.record(
        action=action,
        subject=action.partition(".")[0],
        subject_id=kept_id,
        actor=actor,
        at=at,
        details={"merged": str(gone_id), "columns": sorted(from_gone)},
    )
