"""The processor's books against ours: what nobody told us is entered, what does not fit is a row that somebody owns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

import structlog

from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from tenant_apps.accounting import breaks
from tenant_apps.accounting.models import Book, LineStatus, StatementLine
from tenant_apps.accounting.reconciliation.differences import Difference
from tenant_apps.accounting.reconciliation.looking import Look, look
from tenant_apps.accounting.reconciliation.whole import look_at_all
from tenant_apps.organisation.models import Payee

log = structlog.get_logger(__name__)

# What comes round often looks back so far, the night's run at everything.
RECENT = timedelta(days=1)
DONE = "accounting.reconciled"


@dataclass(frozen=True, slots=True)
class Report:
    """Of one account at the processor. `is_away`: it did not answer, and nothing is known."""

    account: str
    payees: Sequence[Payee]
    movements: int = 0
    differences: list[Difference] = field(default_factory=list)
    is_away: bool = False


def reconcile_all(*, at: datetime, since: datetime | None = None) -> Iterator[Report]:
    """Each account of the organisation; all of its books, or what is newer than `since`."""
    with_account = Payee.objects.exclude(processor_account="").order_by("processor_account", "id")
    for account, payees in groupby(with_account, key=lambda payee: payee.processor_account):
        yield reconcile(account=account, payees=list(payees), at=at, since=since)


def reconcile(*, account: str, payees: Sequence[Payee], at: datetime, since: datetime | None = None) -> Report:
    """Enter what the processor alone knows, keep each difference as a row and close those that are gone."""
    try:
        seen = _looked(account, payees, at, since)
    except (ProcessorUnavailable, ProcessorRefused) as error:
        log.warning("accounting.processor_away", account=account, reason=error)
        return Report(account, payees, is_away=True)
    differences = list(seen.found.values())
    breaks.write(differences, at=at)
    breaks.close(
        payees=[payee.id for payee in payees],
        still=seen.found.keys(),
        seen=None if since is None else seen.seen,
        at=at,
    )
    if since is None:
        _say_done(payees, seen, at)
    return Report(account, payees, len(seen.movements), differences)


def _looked(account: str, payees: Sequence[Payee], at: datetime, since: datetime | None) -> Look:
    """Twice where there is something new: what is there only once was money on the move between two questions."""

    def once() -> Look:
        if since is None:
            return look_at_all(account=account, payees=payees, at=at)
        return look(account=account, payees=payees, at=at, since=since)

    first = once()
    if not first.found.keys() - _known(payees):
        return first
    second = once()
    second.found = {key: found for key, found in second.found.items() if key in first.found}
    return second


def _known(payees: Sequence[Payee]) -> set[tuple[object, str, str]]:
    rows = StatementLine.objects.filter(book=Book.PROCESSOR, payee__in=payees).exclude(status=LineStatus.MATCHED)
    return set(rows.values_list("payee_id", "kind", "reference"))


def _say_done(payees: Sequence[Payee], seen: Look, at: datetime) -> None:
    for payee in payees:
        audit.record(
            action=DONE,
            subject="payee",
            subject_id=payee.id,
            actor=SYSTEM,
            at=at,
            details={
                "movements": len(seen.movements),
                "differences": len(seen.found),
                "balance": seen.balance,
                "on_its_way": {currency: cents for currency, cents in seen.on_its_way.items() if cents},
            },
        )
