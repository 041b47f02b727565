"""Corrects a slip by another that names it, or cancels it: what was given stays as it was given (R-05, R-13)."""

from datetime import datetime
from uuid import UUID

from kernel import clock, ids
from kernel.database import lock_one, unique
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.vault import sealing
from tenant_apps.orders.numbering import next_number
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.slips import readiness
from tenant_apps.slips.errors import AlreadyCorrected, NothingChanged, NotReady
from tenant_apps.slips.models import Slip, Version
from tenant_apps.slips.operations import making


@operation
def amend(*, slip_id: UUID, actor: Actor, at: datetime) -> Slip:
    """Make it anew from what the ledger says now. Raises NothingChanged, NotReady or AlreadyCorrected.

    What the family was shown, it is shown corrected.
    """
    slip = _last(slip_id)
    zone = organisation.profile().zone
    items = readiness.of(
        slip.payee, slip.kind, slip.year, on=clock.local_date(at, zone), zone=zone, guardians=[slip.guardian_id]
    )
    item = next((each for each in items if each.slip == slip), None)
    if item is None or item.state in ("made", "published"):
        raise NothingChanged
    if item.state != "changed" or item.missing:
        raise NotReady
    made = making.new_slip(slip.payee, slip.year, item, at=at)
    made.published_at = at if slip.published_at else None
    with unique(AlreadyCorrected):
        made.save(force_insert=True)
    making.record("slips.amended", [made], actor, at)
    if made.published_at:
        making.tell([made], at)
    return made


@operation
def cancel(*, slip_id: UUID, reason: str, actor: Actor, at: datetime) -> Slip:
    """Take it back by another of the same words. Raises AlreadyCorrected."""
    slip = _last(slip_id)
    if slip.version == Version.CANCELLED:
        raise AlreadyCorrected
    made = Slip(
        id=ids.uuid7(),
        kind=slip.kind,
        year=slip.year,
        payee=slip.payee,
        guardian_id=slip.guardian_id,
        participant_id=slip.participant_id,
        number=next_number(payee_id=slip.payee_id, series=f"slips:{slip.kind}:{slip.year}"),
        version=Version.CANCELLED,
        amends=slip,
        total_cents=slip.total_cents,
        facts={**slip.facts, "amends": slip.number, "reason": reason},
        made_at=at,
        published_at=at if slip.published_at else None,
    )
    # Bound to its own row: the same values, sealed again.
    said = sealing.unseal(slip.sealed, place=making.SEALED, row_id=slip.pk)
    made.sealed = sealing.seal(said, place=making.SEALED, row_id=made.pk)
    with unique(AlreadyCorrected):
        made.save(force_insert=True)
    audit.record(
        action="slips.cancelled", subject="slip", subject_id=made.pk, actor=actor, at=at, details={"reason": reason}
    )
    if made.published_at:
        making.tell([made], at)
    return made


def _last(slip_id: UUID) -> Slip:
    """The slip, which no other corrects, with its payee's own slips to itself. Raises AlreadyCorrected."""
    slip = Slip.objects.select_related("payee").get(pk=slip_id)
    lock_one(Payee.objects.filter(pk=slip.payee_id))
    if Slip.objects.filter(amends=slip).exists():
        raise AlreadyCorrected
    return slip
