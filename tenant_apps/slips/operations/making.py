"""Makes slips of what is ready, numbered without gaps, and shows them to families."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel import clock, ids
from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from shared_apps.vault import sealing
from tenant_apps.families.matching import NATIONAL_NUMBER
from tenant_apps.families.operations import tax_numbers
from tenant_apps.orders.numbering import next_number
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.slips import issuers, readiness
from tenant_apps.slips.models import Slip, SlipKind, Version
from tenant_apps.slips.readiness import Item

# How many are made at a time: it takes a second or two.
AT_ONCE = 500
PUBLISHED = "slips.published"
SEALED = "slips.Slip.sealed"


@operation
def make(*, payee_id: UUID, kind: str, year: int, actor: Actor, at: datetime) -> int:
    """Of all that is ready, AT_ONCE at most. Returns how many; what is made already is not made again."""
    # Two who ask at once ask one after the other: the second finds them made.
    payee = lock_one(Payee.objects.filter(pk=payee_id))
    zone = organisation.profile().zone
    items = readiness.of(payee, kind, year, on=clock.local_date(at, zone), zone=zone)
    ready = [item for item in items if item.state == "ready"][:AT_ONCE]
    slips = [new_slip(payee, year, item, at=at) for item in ready]
    Slip.objects.bulk_create(slips)
    record("slips.made", slips, actor, at)
    return len(slips)


@operation
def publish(*, payee_id: UUID, kind: str, year: int, actor: Actor, at: datetime) -> int:
    """Show to the families what was made and is not shown yet; each is told once. Returns how many."""
    waiting = Slip.objects.filter(payee_id=payee_id, kind=kind, year=year, published_at=None, amended_by=None).exclude(
        version=Version.CANCELLED
    )
    slips = list(waiting)
    shown = Slip.objects.filter(pk__in=[slip.pk for slip in slips], published_at=None).update(published_at=at)
    record(PUBLISHED, slips, actor, at)
    tell(slips, at)
    return shown


def tell(slips: Sequence[Slip], at: datetime) -> None:
    """One letter to each, however many children they have."""
    guardians = dict.fromkeys(slip.guardian_id for slip in slips)
    by_guardian = {guardian: [str(s.pk) for s in slips if s.guardian_id == guardian] for guardian in guardians}
    outbox.tell_all(
        kind=PUBLISHED,
        payloads=({"guardian": str(guardian), "slips": own} for guardian, own in by_guardian.items()),
        at=at,
    )


def new_slip(payee: Payee, year: int, item: Item, *, at: datetime) -> Slip:
    """Not saved yet, but with its number: who draws one keeps it. It corrects the one of the item, if there is one."""
    slip = draft(payee, year, item, at=at)
    slip.number = next_number(payee_id=payee.pk, series=f"slips:{item.kind}:{year}")
    return slip


def draft(payee: Payee, year: int, item: Item, *, at: datetime) -> Slip:
    """As it would be, without a number: for who wants to see it before it is made."""
    slip = Slip(
        id=ids.uuid7(),
        kind=item.kind,
        year=year,
        payee=payee,
        guardian=item.guardian,
        participant_id=item.participant_id,
        number=0,
        version=Version.AMENDED if item.slip else Version.ORIGINAL,
        amends=item.slip,
        total_cents=item.cents,
        facts=_facts(payee, item),
        made_at=at,
    )
    slip.sealed = sealing.seal(_sealed(item), place=SEALED, row_id=slip.pk)
    return slip


def record(action: str, slips: Sequence[Slip], actor: Actor, at: datetime) -> None:
    if slips:
        audit.record_many(
            subject="slip",
            entries=[
                (action, slip.pk, {"kind": slip.kind, "year": slip.year, "number": slip.number}) for slip in slips
            ],
            actor=actor,
            at=at,
        )


def _facts(payee: Payee, item: Item) -> dict[str, Any]:
    guardian = item.guardian
    return {
        "issuer": issuers.of_payee(payee).as_data(),
        "payer": {"last_name": guardian.last_name, "first_name": guardian.first_name},
        "children": [each for each in item.said if each["cents"] or item.kind == SlipKind.RL24],
        "language": guardian.language,
        "amends": item.slip.number if item.slip else 0,
        "is_electronic": bool(item.numbers.get(tax_numbers.ELECTRONIC)),
    }


def _sealed(item: Item) -> dict[str, Any]:
    """The numbers and the address as they are today."""
    key = {SlipKind.RL24: tax_numbers.SOCIAL_INSURANCE, SlipKind.FORM_281_86: NATIONAL_NUMBER}.get(SlipKind(item.kind))
    address = readiness.address_of(item.guardian)
    said: dict[str, Any] = {name: str(address.get(name, "")) for name in ("street", "postal_code", "town")}
    if key:
        said["number"] = str(item.numbers.get(key, ""))
    if item.kind == SlipKind.FORM_281_86:
        said["children"] = {str(child): str(own.get(NATIONAL_NUMBER, "")) for child, own in item.numbers_of.items()}
    return {name: value for name, value in said.items() if value}
