"""An organisation says that it leaves: it is only read from one day on, and erased on another."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.database import unique
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenants.context import in_organisation, in_registry
from tenants.leaving.registries import MATTERS, RETURNING, Matter
from tenants.models import SERVED, Departure, Organisation, SuspendedFor
from tenants.operations.suspend import resume

logger = structlog.get_logger(__name__)

# The event that a room above writes letters about: {"departure": id, "step": …}.
TOLD = "leaving.told"
NOTICE = timedelta(days=7)
USUAL_NOTICE = timedelta(days=30)
# Families read, and everybody takes their copies.
READABLE = timedelta(days=30)
_LABEL = 200


class TooSoon(Refusal):
    code = "too_soon"
    message = _("La fermeture se fait au plus tôt le {earliest}.")


class ErasedTooSoon(Refusal):
    code = "erased_too_soon"
    message = _("L’effacement se fait au plus tôt le {earliest}.")


class AlreadyLeaving(Refusal):
    code = "already_leaving"
    message = _("Le départ de cette organisation est déjà annoncé.")


class NotLeaving(Refusal):
    code = "not_leaving"
    message = _("Aucun départ n’est annoncé, ou il est trop tard pour l’annuler.")


class CannotLeave(Refusal):
    code = "cannot_leave"
    message = _("Cette organisation n’est pas en service.")


def today_of(organisation: Organisation, at: datetime) -> date:
    return clock.local_date(at, ZoneInfo(organisation.time_zone))


def usual_days(organisation: Organisation, at: datetime) -> tuple[date, date]:
    """The days of closing and of erasure that are proposed."""
    closes_on = today_of(organisation, at) + USUAL_NOTICE
    return closes_on, closes_on + READABLE


def announced(organisation_id: UUID) -> Departure | None:
    """The departure that is not cancelled; read by the platform, or inside the organisation itself."""
    return Departure.objects.filter(organisation_id=organisation_id, cancelled_at=None).first()


def matters(organisation: Organisation, at: datetime) -> list[Matter]:
    """What is to be settled before it is gone."""
    with in_organisation(organisation):
        return [matter for _name, told in MATTERS for matter in told(at)]


@operation
def announce(
    *, organisation_id: UUID, asked_by: str, reason: str, closes_on: date, erases_on: date, at: datetime
) -> Departure:
    """Raises TooSoon, ErasedTooSoon, AlreadyLeaving and CannotLeave."""
    with in_registry():
        organisation = Organisation.objects.get(id=organisation_id)
        if organisation.state not in SERVED or organisation.is_operations:
            raise CannotLeave
        if closes_on < (earliest := today_of(organisation, at) + NOTICE):
            raise TooSoon(earliest=earliest)
        if erases_on < (earliest := closes_on + READABLE):
            raise ErasedTooSoon(earliest=earliest)
        with unique(AlreadyLeaving):
            departure = Departure.objects.create(
                organisation=organisation,
                asked_by=asked_by[:_LABEL],
                asked_at=at,
                reason=reason,
                closes_on=closes_on,
                erases_on=erases_on,
            )
    tell(organisation, departure, "announced", at)
    return departure


def cancel(*, organisation_id: UUID, at: datetime) -> None:
    """The organisation stays, and is back in service. Raises NotLeaving, once erasure has begun too."""
    if _cancel(organisation_id=organisation_id, at=at):
        _return_to_service(organisation_id, at)


def tell(organisation: Organisation, departure: Departure, step: str, at: datetime, *, key: str = "") -> None:
    """`key`: what tells one reminder of the same step from another."""
    with in_organisation(organisation):
        outbox.tell(kind=TOLD, payload={"departure": str(departure.pk), "step": step, "key": key or step}, at=at)


@operation
def _cancel(*, organisation_id: UUID, at: datetime) -> bool:
    """True where it was closed."""
    with in_registry():
        organisation = Organisation.objects.get(pk=organisation_id)
        leaving = Departure.objects.filter(organisation_id=organisation_id, cancelled_at=None, erasing_at=None)
        departure = leaving.first()
        if departure is None or not leaving.update(cancelled_at=at):
            raise NotLeaving
        was_closed = organisation.suspended_for == SuspendedFor.LEAVING
        if was_closed:
            resume(organisation_id=organisation_id, reason=SuspendedFor.LEAVING)
            organisation.refresh_from_db()
    tell(organisation, departure, "cancelled", at)
    return was_closed


def _return_to_service(organisation_id: UUID, at: datetime) -> None:
    with in_registry():
        for name, call in RETURNING:
            try:
                call(organisation_id, at)
            except Exception:
                # It stays in any case; the log tells what a room could not do for it.
                logger.exception("leaving.not_back", name=name, organisation=str(organisation_id))
