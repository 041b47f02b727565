"""The differences with the processor as rows: found, taken by somebody, explained, or gone. Never deleted."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.accounting.models import Book, LineStatus, StatementLine
from tenant_apps.accounting.reconciliation.differences import Difference
from tenant_apps.organisation import queries as organisation


class BreakClosed(Refusal):
    """It is explained, or gone."""

    code = "break_closed"
    message = _("Cette ligne vient d’être classée, ou l’écart a disparu.")


class NoteMissing(Refusal):
    """A difference is explained in words."""

    code = "note_missing"
    message = _("Expliquez l’écart avant de le classer.")


@operation
def write(found: Iterable[Difference], *, at: datetime) -> None:
    """Keep each difference once. One that was explained, or had gone, is open again when it says something else."""
    zone = organisation.profile().zone
    for difference in found:
        row, is_new = StatementLine.objects.get_or_create(
            book=Book.PROCESSOR,
            payee_id=difference.payee_id,
            kind=difference.kind,
            reference=difference.reference,
            defaults={
                **_says(difference),
                "currency": difference.currency,
                "booked_on": clock.local_date(difference.at, zone),
                "payment_id": difference.payment_id,
                "found_at": at,
            },
        )
        if not is_new and _says_otherwise(row, difference):
            StatementLine.objects.filter(pk=row.pk).update(
                **_says(difference), status=LineStatus.OPEN, found_at=at, ended_at=None
            )
        if is_new or _says_otherwise(row, difference):
            _tell("found", row, SYSTEM, at, cents=difference.cents, expected_cents=difference.expected_cents)


def close(
    *, payees: Iterable[UUID], still: Collection[tuple[UUID, str, str]], seen: set[str] | None, at: datetime
) -> int:
    """Those that are no longer there; of those looked at where `seen` says which, else all. Returns how many."""
    gone = 0
    for row in StatementLine.objects.filter(book=Book.PROCESSOR, payee_id__in=list(payees), status=LineStatus.OPEN):
        if (row.payee_id, row.kind, row.reference) in still or (seen is not None and row.reference not in seen):
            continue
        gone += _end(row, LineStatus.MATCHED, actor=SYSTEM, at=at)
    return gone


@operation
def take(*, line_id: UUID, owner: UUID, actor: Actor, at: datetime) -> None:
    """Say who sees to it. Raises BreakClosed."""
    row = StatementLine.objects.get(pk=line_id, book=Book.PROCESSOR)
    if not StatementLine.objects.filter(pk=row.pk, status=LineStatus.OPEN).update(owner=owner):
        raise BreakClosed
    _tell("taken", row, actor, at, owner=str(owner))


@operation
def explain(*, line_id: UUID, note: str, actor: Actor, at: datetime) -> None:
    """Close it with the words that say why. Raises NoteMissing or BreakClosed."""
    if not note.strip():
        raise NoteMissing
    row = StatementLine.objects.get(pk=line_id, book=Book.PROCESSOR)
    if not _end(row, LineStatus.EXPLAINED, actor=actor, at=at, note=note.strip()):
        raise BreakClosed


def _end(row: StatementLine, to: LineStatus, *, actor: Actor, at: datetime, **more: Any) -> int:
    ended = StatementLine.objects.filter(pk=row.pk, status=LineStatus.OPEN).update(status=to, ended_at=at, **more)
    if ended:
        _tell(str(to), row, actor, at, **more)
    return ended


def _says(difference: Difference) -> dict[str, Any]:
    return {"cents": difference.cents, "expected_cents": difference.expected_cents}


def _says_otherwise(row: StatementLine, difference: Difference) -> bool:
    return row.status == LineStatus.MATCHED or any(
        getattr(row, name) != value for name, value in _says(difference).items()
    )


def _tell(what: str, row: StatementLine, actor: Actor, at: datetime, **details: Any) -> None:
    audit.record(
        action=f"accounting.break_{what}",
        subject="break",
        subject_id=row.id,
        actor=actor,
        at=at,
        details={"reference": row.reference, "kind": row.kind, **details},
    )
