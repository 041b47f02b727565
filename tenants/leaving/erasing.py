"""Erases an organisation that has left: step after step, looked for afterwards, and certified."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.utils.translation import gettext_lazy as _

from kernel.database import alone, lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from tenants.context import in_organisation, in_registry
from tenants.leaving import certificate, closing, departing, removing, subject, tombstones, verifying
from tenants.leaving.registries import NEEDLES, OWNERS
from tenants.models import PROVISIONED, SERVED, Departure, Organisation, State, SuspendedFor
from tenants.operations.suspend import suspend

logger = structlog.get_logger(__name__)


class NotErasable(Refusal):
    code = "not_erasable"
    message = _("Seule une organisation fermée pour départ, dont la date d’effacement est venue, s’efface.")


class MoneyInFlight(Refusal):
    code = "money_in_flight"
    message = _("De l’argent est encore en route\u202f: rien n’est effacé avant qu’il soit arrivé.")


class StillThere(Exception):
    """Something was found where nothing should be any more: the organisation is not said to be erased."""


def erase_due(*, at: datetime) -> int:
    """Erase those whose day has come, and go on with those that were stopped. Returns how many are erased."""
    done = 0
    for departure in closing.due_for_erasure(at=at):
        try:
            done += erase(organisation_id=departure.organisation_id, by="", at=at) is not None
        except Exception as error:
            # One that waits, or fails, keeps nobody else.
            logger.warning("leaving.not_erased", organisation=departure.organisation.slug, reason=type(error).__name__)
    return done


def erase(*, organisation_id: UUID, by: str, at: datetime) -> Departure | None:
    """Erase it, or go on from where an erasure was stopped; None while another process is at it.

    Raises NotErasable and MoneyInFlight, and StillThere where something is left of it.
    """
    with alone(f"erase/{organisation_id}") as is_alone:
        if not is_alone:
            return None
        departure = _begin(organisation_id=organisation_id, by=by, at=at)
        return departure if departure.erased_at else _go_through(departure, at)


def purge(*, organisation_id: UUID, by: str, at: datetime) -> Departure | None:
    """By whoever holds the machine: also one that never opened to families, at once. Raises as `erase` does."""
    _leave_at_once(organisation_id=organisation_id, by=by, at=at)
    return erase(organisation_id=organisation_id, by=by, at=at)


def reapply(*, at: datetime) -> list[str]:
    """After the database was restored: erase again whatever had been erased since. Returns their slugs."""
    done = []
    for stone in tombstones.every():
        with in_registry():
            found = Organisation.objects.filter(pk=stone["organisation"]).exclude(state=State.ERASED).first()
        if found is not None:
            _take_up(organisation=found, names=stone["names"], by="", at=at)
            erase(organisation_id=found.pk, by="", at=at)
            done.append(found.slug)
    return done


def _go_through(departure: Departure, at: datetime) -> Departure:
    who = subject.of(departure)
    for step in removing.STEPS.values():
        step(who, at)
    found = verifying.left(who)
    if any(found.values()):
        raise StillThere(found)
    return _finish(departure_id=departure.pk, found=found, at=at)


@operation
def _begin(*, organisation_id: UUID, by: str, at: datetime) -> Departure:
    """The one move that cannot be taken back."""
    with in_registry():
        departure = (
            Departure.objects.select_related("organisation").filter(organisation_id=organisation_id, cancelled_at=None)
        ).first()
        if departure is None:
            raise NotErasable
        organisation = departure.organisation
        if organisation.state in (State.ERASING, State.ERASED):
            return departure
        if departure.erases_on > departing.today_of(organisation, at):
            raise NotErasable
        closed = Organisation.objects.filter(pk=organisation_id, state=State.SUSPENDED)
        closed = closed.filter(suspended_for=SuspendedFor.LEAVING)
        if not closed.exists():
            raise NotErasable
        _check_money(organisation, at)
        departure.certificate = _what_was_there(departure, by, at)
        departure.erasing_at = at
        departure.save(update_fields=["certificate", "erasing_at"])
        if not closed.update(state=State.ERASING, suspended_for="", suspended_also_for=[]):
            raise NotErasable
        organisation.state = State.ERASING
        return departure


def _check_money(organisation: Organisation, at: datetime) -> None:
    if any(matter.is_in_flight for matter in departing.matters(organisation, at)):
        raise MoneyInFlight


def _what_was_there(departure: Departure, by: str, at: datetime) -> dict[str, object]:
    organisation = departure.organisation
    names = {organisation.schema_name, str(organisation.pk)}
    names.update(name for _name, told in NEEDLES for name in told(organisation.pk))
    tell: list[dict[str, str]] = []
    if organisation.state in PROVISIONED:
        with in_organisation(organisation):
            tell = [{"email": to.email, "language": to.language} for _name, owners in OWNERS for to in owners()]
    return {
        "looked_for_names": sorted(names),
        "there_was": verifying.inventory(organisation),
        "begun_by": by,
        "begun_at": at.isoformat(),
        "tell": tell,
    }


@operation
def _finish(*, departure_id: UUID, found: dict[str, int], at: datetime) -> Departure:
    with in_registry():
        departure = Departure.objects.select_related("organisation").get(pk=departure_id)
        moved = Organisation.objects.filter(pk=departure.organisation_id, state=State.ERASING)
        if moved.update(state=State.ERASED):
            tell = departure.certificate.get("tell", [])
            departure.erased_at, departure.reason = at, ""
            departure.certificate = certificate.drawn_up(departure, found, at)
            departure.save(update_fields=["certificate", "erased_at", "reason"])
            certificate.send(departure, tell, at)
        return departure


@operation
def _leave_at_once(*, organisation_id: UUID, by: str, at: datetime) -> None:
    """Only one that families have never seen."""
    with in_registry():
        organisation = lock_one(Organisation.objects.filter(pk=organisation_id))
        if organisation.live_at is not None or departing.announced(organisation_id):
            return
        if organisation.state == State.FAILED:
            # Nothing of it was ever made: there is no schema to ask for money on its way, or for an owner.
            _take_up(organisation=organisation, names=[], by=by, at=at)
        elif organisation.state in SERVED:
            suspend(organisation_id=organisation_id, reason=SuspendedFor.LEAVING, at=at)
            _of_today(organisation, by, at).save()


@operation
def _take_up(*, organisation: Organisation, names: list[str], by: str, at: datetime) -> None:
    """As the database was before its erasure began; what it says since is not asked."""
    with in_registry():
        departure = departing.announced(organisation.pk) or _of_today(organisation, by, at)
        departure.organisation = organisation
        facts = _what_was_there(departure, by, at)
        departure.certificate = {**facts, "looked_for_names": sorted({*facts["looked_for_names"], *names})}  # type: ignore[misc]
        departure.erasing_at = at
        departure.save()
        Organisation.objects.filter(pk=organisation.pk).update(
            state=State.ERASING, suspended_for="", suspended_also_for=[]
        )


def _of_today(organisation: Organisation, by: str, at: datetime) -> Departure:
    today = departing.today_of(organisation, at)
    yesterday = today - timedelta(days=1)
    return Departure(organisation=organisation, asked_by=by, asked_at=at, closes_on=yesterday, erases_on=today)
