"""Reads changes and what they are about. What belongs to another household does not exist here."""

from uuid import UUID

from django.db.models import QuerySet

from tenant_apps.changes.models import ChangeRequest
from tenant_apps.families import queries as families
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import PENDING


def registration_of(guardian_id: UUID, registration_id: UUID) -> Registration | None:
    """The guardian's own, that was confirmed once; nothing of a child from whom they are kept away."""
    own = Registration.objects.filter(basket__guardian_id=guardian_id).exclude(confirmed_at=None)
    shown = own.exclude(participant_id__in=families.hidden_from(guardian_id))
    return with_all(shown).filter(pk=registration_id).first()


def of_guardian(guardian_id: UUID) -> QuerySet[ChangeRequest]:
    """The latest first, without the sealed words."""
    own = ChangeRequest.objects.filter(guardian_id=guardian_id)
    shown = own.exclude(registration__participant_id__in=families.hidden_from(guardian_id))
    return with_names(shown).order_by("-asked_at", "-id")


def with_names(changes: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    return changes.defer("sealed").select_related(
        "guardian", "registration__participant", "registration__option__offering", "option", "participant"
    )


def with_all(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    return registrations.select_related(
        "basket__guardian",
        "participant",
        "option__offering__registration_form",
        "option__offering__consent_form",
        "option__offering__season",
        "option__offering__category",
    )


def stands_for(change: ChangeRequest) -> Registration | None:
    """The line that a dearer choice, or a transfer with a fee, put in the basket: pending, confirmed or let go."""
    lines = Registration.objects.filter(replaces_id=change.registration_id, created_at__gte=change.asked_at)
    return lines.order_by("-created_at").first()


def is_to_pay(line: Registration | None) -> bool:
    return line is not None and line.status in PENDING
