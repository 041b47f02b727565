"""What an owner does to take the data, to leave and to stay after all: each thing is told in the trail."""

from datetime import date, datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenants.context import current
from tenants.leaving import asking, departing
from tenants.models import Departure, Export

ASKED, TAKEN = "leaving.export_asked", "leaving.export_taken"
ANNOUNCED, CANCELLED = "leaving.announced", "leaving.cancelled"


@operation
def ask_export(*, actor: Actor, at: datetime) -> Export:
    """Raises AlreadyExporting."""
    asked = asking.ask(organisation_id=current().pk, asked_by=actor.label, at=at)
    _record(ASKED, "export", asked.pk, actor, at)
    return asked


@operation
def take(*, export: Export, actor: Actor, at: datetime) -> None:
    """Before the first byte: health and national numbers are in it."""
    _record(TAKEN, "export", export.pk, actor, at)


@operation
def announce(*, closes_on: date, erases_on: date, reason: str, actor: Actor, at: datetime) -> Departure:
    """Raises the refusals of tenants.leaving.departing."""
    departure = departing.announce(
        organisation_id=current().pk,
        asked_by=actor.label,
        reason=reason,
        closes_on=closes_on,
        erases_on=erases_on,
        at=at,
    )
    _record(ANNOUNCED, "departure", departure.pk, actor, at)
    return departure


def stay(*, actor: Actor, at: datetime) -> None:
    """Raises NotLeaving. The processor is asked in between, so it is no one transaction."""
    departing.cancel(organisation_id=current().pk, at=at)
    _told_to_stay(actor=actor, at=at)


@operation
def _told_to_stay(*, actor: Actor, at: datetime) -> None:
    _record(CANCELLED, "departure", None, actor, at)


def _record(action: str, subject: str, subject_id: UUID | None, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject=subject, subject_id=subject_id, actor=actor, at=at)
