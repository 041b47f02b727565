"""One look at the books of an account: every movement against ours, and each payout against what it paid out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from billing.gateway import books
from billing.gateway.books import Movement
from tenant_apps.accounting.reconciliation import comparing, ours
from tenant_apps.accounting.reconciliation.differences import Difference, Kind
from tenant_apps.accounting.reconciliation.ours import Ours
from tenant_apps.organisation.models import Payee

# So many names as one query takes.
_BATCH = 500


@dataclass(slots=True)
class Look:
    """`seen`: their references that were looked at; `payments` and `refunds`: ours that they have.

    `given_back`: by charge, what its refunds come to. `on_its_way`: by currency, what our ledger has yet to enter.
    `balance`: by currency, what the processor keeps for the account, where that was asked.
    """

    movements: list[Movement]
    seen: set[str] = field(default_factory=set)
    found: dict[tuple[UUID, str, str], Difference] = field(default_factory=dict)
    payments: set[UUID] = field(default_factory=set)
    refunds: set[UUID] = field(default_factory=set)
    given_back: Counter[str] = field(default_factory=Counter)
    on_its_way: Counter[str] = field(default_factory=Counter)
    balance: dict[str, int] = field(default_factory=dict)

    def add(self, difference: Difference) -> None:
        """The two halves of the same thing, as a refund that came back, are one difference."""
        before = self.found.get(difference.key)
        if before is not None:
            known = before.expected_cents is not None and difference.expected_cents is not None
            expected = (before.expected_cents or 0) + (difference.expected_cents or 0) if known else None
            difference = replace(difference, cents=before.cents + difference.cents, expected_cents=expected)
        self.found[difference.key] = difference


def look(*, account: str, payees: Sequence[Payee], at: datetime, since: datetime | None = None) -> Look:
    """At all of them, or those since a moment. Raises ProcessorUnavailable or ProcessorRefused."""
    seen = Look(movements=books.movements(account=account, since=since))
    for start in range(0, len(seen.movements), _BATCH):
        some = seen.movements[start : start + _BATCH]
        known = ours.read(payees, some)
        for movement in some:
            for difference in comparing.compare(movement, known, at=at):
                seen.add(difference)
            _note(seen, movement, known)
    for difference in _payouts(seen, account, payees):
        seen.add(difference)
    return seen


def _note(seen: Look, movement: Movement, known: Ours) -> None:
    seen.seen.add(movement.id)
    seen.on_its_way[movement.currency] += comparing.on_its_way(movement, known)
    cause = movement.cause
    if cause is None:
        return
    seen.seen.add(cause.id)
    if movement.kind == books.CHARGE and (payment := known.payment_of(cause)):
        seen.payments.add(payment.id)
    if movement.kind == books.REFUND:
        refund = known.refund_of(cause)
        if refund:
            seen.refunds.add(refund.id)
        if cause.status in ("succeeded", "pending"):
            seen.given_back[cause.charge_id] += refund.amount_cents if refund else cause.cents


def _payouts(seen: Look, account: str, payees: Sequence[Payee]) -> list[Difference]:
    """A payout that is not the sum of what it paid out, where no difference of one of its movements says so already."""
    unlike = {reference for _payee, _kind, reference in seen.found}
    found = []
    for movement in seen.movements:
        cause = movement.cause
        if movement.kind != books.PAYOUT or cause is None or not cause.is_automatic:
            continue
        parts = books.paid_out(account=account, payout_id=cause.id)
        cents = -sum(parts.values())
        if cents != movement.cents and unlike.isdisjoint({cause.id, movement.id, *parts}):
            found.append(
                Difference(
                    kind=Kind.PAYOUT,
                    reference=cause.id,
                    cents=movement.cents,
                    expected_cents=cents,
                    currency=movement.currency,
                    at=movement.at,
                    payee_id=payees[0].id,
                )
            )
    return found
