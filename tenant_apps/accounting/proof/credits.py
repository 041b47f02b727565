"""What staff did about the credit of families is in the trail, to the cent, as it is in the books."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.db.models import BigIntegerField, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from shared_apps.audit.models import Entry
from tenant_apps.accounting.proof.faults import Fault
from tenant_apps.orders.models import Transfer

# What is done, how its row ends, and what the trail calls the payee whose credit it is.
_DONE = {
    "payments.credit_granted": (":granted", "payee"),
    "payments.credit_moved": (":out", "from"),
    "payments.credit_paid": (":paid", "payee"),
}

Sums = Counter[tuple[UUID, str]]


def check() -> Iterator[Fault]:
    for action, (end, payee) in _DONE.items():
        told, entered, forgotten = _told(action, payee), _entered(end), _forgotten(action)
        for guardian_id, payee_id in sorted({*told, *entered}, key=str):
            key = guardian_id, payee_id
            if told[key] != entered[key] and guardian_id not in forgotten:
                yield Fault(
                    "what staff did about credit is in the trail", f"guardian {guardian_id}", told[key], entered[key]
                )
    out, back = _entered(":out"), _entered(":in")
    moved = sum(out.values()), sum(back.values())
    if moved[0] != moved[1]:
        yield Fault("credit that moves arrives", "all payees", *moved)


def _entered(end: str) -> Sums:
    rows = Transfer.objects.filter(source__startswith="credit:", source__endswith=end).order_by()
    sums = rows.values_list("guardian_id", "payee_id").annotate(cents=Sum("amount_cents"))
    return Counter({(guardian_id, str(payee_id)): cents for guardian_id, payee_id, cents in sums})


def _told(action: str, payee: str) -> Sums:
    entries = Entry.objects.filter(action=action).exclude(details={}).order_by()
    cents = Cast(KeyTextTransform("cents", "details"), BigIntegerField())
    sums = entries.values_list("subject_id", KeyTextTransform(payee, "details")).annotate(total=Sum(cents))
    return Counter({(guardian_id, payee_id): total for guardian_id, payee_id, total in sums})


def _forgotten(action: str) -> set[UUID | None]:
    """Of whom the trail was effaced."""
    return set(Entry.objects.filter(action=action, details={}).values_list("subject_id", flat=True))
