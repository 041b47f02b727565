"""Questions about the differences with the processor, and about when its books were last looked at."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from shared_apps.audit.models import Entry
from tenant_apps.accounting.models import Book, LineStatus, StatementLine
from tenant_apps.accounting.reconciliation.whole import processor_balance
from tenant_apps.accounting.reconciling import DONE
from tenant_apps.organisation.models import Payee


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one account and currency: what the ledger says now, and what the processor said when all was last compared.

    `looked_at` is None, and so is `theirs_cents`, where that has never been.
    """

    payees: str
    currency: str
    ours_cents: int
    theirs_cents: int | None
    looked_at: datetime | None
    movements: int


def breaks() -> QuerySet[StatementLine]:
    return StatementLine.objects.filter(book=Book.PROCESSOR).select_related("payee", "payment__order__guardian")


def open_breaks() -> QuerySet[StatementLine]:
    return breaks().filter(status=LineStatus.OPEN)


def standings(currency: str) -> list[Standing]:
    """Each account of the organisation; `currency` is that of one which has no money yet."""
    payees = list(Payee.objects.exclude(processor_account="").order_by("processor_account", "id"))
    last = _last_looks([payee.id for payee in payees])
    found = []
    for _account, group in groupby(payees, key=lambda payee: payee.processor_account):
        shared = list(group)
        look = last.get(shared[0].id)
        said = look.details if look else {}
        ours, theirs = processor_balance(shared), said.get("balance", {})
        for each in sorted({*ours, *theirs}) or [currency]:
            found.append(
                Standing(
                    payees=", ".join(sorted(payee.name for payee in shared)),
                    currency=each,
                    ours_cents=ours.get(each, 0),
                    theirs_cents=theirs.get(each, 0) if look else None,
                    looked_at=look.at if look else None,
                    movements=said.get("movements", 0),
                )
            )
    return found


def _last_looks(payee_ids: list[UUID]) -> dict[UUID | None, Entry]:
    rows = Entry.objects.filter(action=DONE, subject="payee", subject_id__in=payee_ids)
    return {entry.subject_id: entry for entry in rows.order_by("subject_id", "-at").distinct("subject_id")}
