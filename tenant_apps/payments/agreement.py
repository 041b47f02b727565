"""What paying on given terms comes to, payee by payee: shown before it is agreed, and agreed as it was shown."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from tenant_apps.organisation.paying import Paying
from tenant_apps.payments.terms import IN_FULL, LATER, Bought, Due, agreed, may_be_paid_later, plans_for, schedule
from tenant_apps.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class Terms:
    """What the family chose: a plan, where what it buys of a payee may be paid in it, and whether its credit pays.

    `by_transfer`: it pays at its bank, not on the processor's page; its places are kept for as long as they were.
    `words`: the conditions it accepted, of which the audit trail keeps the proof.
    """

    plan: str = IN_FULL
    spends_credit: bool = False
    by_transfer: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Of one payee. `dues` are laid down as they are here; the credit pays those that come first."""

    payee_id: UUID
    total_cents: int
    plan: str
    dues: tuple[Due, ...]
    credit_cents: int
    on: date

    @property
    def first_cents(self) -> int:
        """What is paid before the order is settled."""
        return max(self._asked_cents - self.credit_cents, 0)

    @property
    def later(self) -> list[Due]:
        """What is left to pay, and when, once the first part and the credit are."""
        paid, left = self.first_cents + self.credit_cents, []
        for due in self.dues:
            covered = min(paid, due.cents)
            paid -= covered
            if due.cents > covered:
                left.append(replace(due, cents=due.cents - covered))
        return left

    @property
    def keeps_card(self) -> bool:
        return any(due.is_automatic for due in self.later)

    @property
    def _asked_cents(self) -> int:
        return sum(due.cents for due in self.dues if due.on <= self.on) if self.dues else self.total_cents


def bought_of(lines: Iterable[Registration]) -> dict[UUID, list[Bought]]:
    """By payee. Needs their option and its offering loaded."""
    found: dict[UUID, list[Bought]] = defaultdict(list)
    for line in lines:
        option = line.option
        found[option.offering.payee_id].append(Bought(option.offering, line.amount_cents, option.is_voluntary))
    return {payee_id: found[payee_id] for payee_id in sorted(found)}


def choices(bought: Mapping[UUID, Sequence[Bought]], rules: Paying, *, by_staff: bool) -> list[str]:
    """The terms that there are to choose between, all at once first; of several payees, those of any of them."""
    allowed = {plan.key for each in bought.values() for plan in plans_for(each, rules)}
    found = [IN_FULL, *(plan.key for plan in rules.plans if plan.key in allowed)]
    owing = [each for each in bought.values() if sum(line.cents for line in each)]
    if any(may_be_paid_later(each, rules, by_staff=by_staff) for each in owing):
        found.append(LATER)
    return found


def part(
    payee_id: UUID, bought: Sequence[Bought], asked: str, rules: Paying, *, credit_cents: int, on: date, by_staff: bool
) -> Part:
    """What these lines come to, with `credit_cents` at most of the family's credit."""
    total = sum(each.cents for each in bought)
    plan = agreed(bought, asked, rules, by_staff=by_staff)
    dues = tuple(schedule(bought, plan, rules, on=on))
    found = Part(payee_id, total, plan, dues, min(credit_cents, total), on)
    if found.first_cents or not found.keeps_card:
        return found
    # The credit pays all that is due now: no card is shown, so none can be charged later.
    return replace(found, dues=tuple(replace(due, is_automatic=False) for due in dues))


def fingerprint(parts: Iterable[Part]) -> str:
    """Names what is paid now, what later and on which days; empty where all of it is paid now."""
    told = [
        f"{each.payee_id}:{each.first_cents}:{','.join(f'{due.on}={due.cents}' for due in each.later)}"
        for each in parts
        if each.later or each.credit_cents
    ]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16] if told else ""
