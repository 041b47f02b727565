"""Asks families, once a year and by kind, for what their slips lack."""

from datetime import datetime
from uuid import UUID

from kernel import clock
from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from shared_apps.outbox import operations as outbox
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.slips import readiness

ASKED = "slips.asked"


@operation
def ask(*, payee_id: UUID, kind: str, year: int, actor: Actor, at: datetime) -> int:
    """Write to who has something to add and was not asked yet. Returns to how many."""
    payee = lock_one(Payee.objects.filter(pk=payee_id))
    zone = organisation.profile().zone
    items = readiness.of(payee, kind, year, on=clock.local_date(at, zone), zone=zone)
    wanted = {item.guardian.pk: item.guardian for item in items if item.may_be_asked and item.guardian.email}
    done = asked(kind, year)
    guardians = [guardian for key, guardian in wanted.items() if key not in done]
    details = {"kind": kind, "year": year}
    audit.record_many(
        subject="guardian", entries=[(ASKED, guardian.pk, details) for guardian in guardians], actor=actor, at=at
    )
    outbox.tell_all(kind=ASKED, payloads=({"guardian": str(each.pk), **details} for each in guardians), at=at)
    return len(guardians)


def asked(kind: str, year: int) -> set[UUID]:
    """The guardians who were asked already."""
    entries = Entry.objects.filter(subject="guardian", action=ASKED, details__kind=kind, details__year=year)
    return {each for each in entries.values_list("subject_id", flat=True) if each}
