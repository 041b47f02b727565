"""What operators do for an organisation that takes its data or leaves. They never read the data (docs/leaving.md)."""

from datetime import date, datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.console import trails
from tenants.leaving import asking, departing
from tenants.models import UNDER_WAY, Departure, Export, Organisation

_LAST_EXPORTS = 10


@operation
def ask_export(*, organisation_id: UUID, actor: Actor, at: datetime) -> Export:
    """Raises AlreadyExporting and NothingToExport."""
    asked = asking.ask(organisation_id=organisation_id, asked_by=actor.label, at=at)
    trails.record("organisations.export_asked", organisation_id, actor, at)
    return asked


@operation
def announce(
    *, organisation_id: UUID, closes_on: date, erases_on: date, reason: str, actor: Actor, at: datetime
) -> Departure:
    """Raises the refusals of tenants.leaving.departing."""
    departure = departing.announce(
        organisation_id=organisation_id,
        asked_by=actor.label,
        reason=reason,
        closes_on=closes_on,
        erases_on=erases_on,
        at=at,
    )
    trails.record("organisations.departure_announced", organisation_id, actor, at)
    return departure


def cancel(*, organisation_id: UUID, actor: Actor, at: datetime) -> None:
    """Raises NotLeaving. The processor is asked in between, so it is no one transaction."""
    departing.cancel(organisation_id=organisation_id, at=at)
    _told_of_cancel(organisation_id=organisation_id, actor=actor, at=at)


def exports_of(organisation: Organisation) -> list[Export]:
    return list(asking.of_organisation(organisation.pk)[:_LAST_EXPORTS])


def is_under_way(exports: list[Export]) -> bool:
    return any(each.state in UNDER_WAY for each in exports)


@operation
def _told_of_cancel(*, organisation_id: UUID, actor: Actor, at: datetime) -> None:
    trails.record("organisations.departure_cancelled", organisation_id, actor, at)
