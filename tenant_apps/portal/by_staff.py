"""What staff did for a family, as the family reads it: when they acted for it, and what they registered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared_apps.audit.models import Entry
from tenant_apps.registrations.models import Basket

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Visit:
    """`is_by_code`: with the code that the family read out, else at the counter or by telephone."""

    at: datetime
    is_by_code: bool


def visits_of(guardian_id: UUID) -> list[Visit]:
    """Newest first. Who of the staff it was is theirs: the organisation knows."""
    begun = Entry.objects.filter(subject="guardian", subject_id=guardian_id, action="guardian.represented")
    return [Visit(entry.at, bool(entry.details.get("by_code"))) for entry in begun.order_by("-at", "-id")[:_MOST_SHOWN]]


def registered_for(guardian_id: UUID) -> set[UUID]:
    """The registrations that staff took for this family. One query."""
    baskets = Basket.objects.filter(guardian_id=guardian_id)
    held = Entry.objects.filter(subject="basket", subject_id__in=baskets.values("id"), action="registrations.held")
    told = held.filter(details__on_behalf=str(guardian_id)).values_list("details__registrations", flat=True)
    return {UUID(each) for registrations in told for each in registrations}
