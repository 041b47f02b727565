"""What a change keeps, gives back or asks for: shown before it is confirmed, and done by the same functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel import clock
from tenant_apps.catalog.models import Option
from tenant_apps.changes import money
from tenant_apps.changes.money import Source
from tenant_apps.changes.policy import Policy
from tenant_apps.organisation import queries as organisation
from tenant_apps.registrations import pricing, reversing
from tenant_apps.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Quote:
    """`paid_cents`: what it counts for now; of it `fee_cents` are kept and `refund_cents` go back to what paid.

    `due_cents`: what is still to be paid, for what costs more. Of a withdrawal, `paid_cents` is what was paid indeed.
    """

    paid_cents: int = 0
    fee_cents: int = 0
    refund_cents: int = 0
    due_cents: int = 0

    @property
    def shown(self) -> tuple[int, int, int]:
        """What the reader agreed to."""
        return self.fee_cents, self.refund_cents, self.due_cents

    @property
    def off_cents(self) -> int:
        """Of a withdrawal: what is taken off what the family still owes for the rest of its order."""
        return self.paid_cents - self.fee_cents - self.refund_cents


def of_withdrawal(registration: Registration, policy: Policy, *, at: datetime) -> Quote:
    back = -pricing.reversal_of(registration, at=at).amount_cents
    paid = money.most_kept(registration, back)
    fee = _fee(policy, registration, paid, at)
    back -= fee + money.rebated_cents(registration)
    return Quote(paid, fee, money.given_back(money.sources_of(registration), back))


def of_swaps(
    registration: Registration, options: Sequence[Option], policy: Policy, *, at: datetime
) -> dict[UUID, Quote]:
    """By option, for the one beside all else that the family has. Options need their offering loaded."""
    paid = reversing.charged(registration).worth.amount_cents
    fee, sources = _fee(policy, registration, paid, at), money.sources_of(registration)
    prices = pricing.quotes_instead(registration, options, at=at)
    return {
        option.id: _balance(paid, fee, quote.amount_cents, sources)
        for option, quote in zip(options, prices, strict=True)
    }


def of_transfer(registration: Registration, policy: Policy, *, at: datetime) -> Quote:
    """What was paid goes along: only the fee is asked for."""
    paid = reversing.charged(registration).worth.amount_cents
    fee = _fee(policy, registration, paid, at)
    return Quote(paid, fee, 0, fee)


def _fee(policy: Policy, registration: Registration, paid: int, at: datetime) -> int:
    return policy.fee_cents(paid, registration.option, on=clock.local_date(at, organisation.profile().zone))


def _balance(paid: int, fee: int, price: int, sources: Sequence[Source]) -> Quote:
    left = paid - fee - price
    return Quote(paid, fee, money.given_back(sources, left), 0) if left >= 0 else Quote(paid, fee, 0, -left)
