"""What only the processor can tell us is entered from its books: fees, payouts, and money that is nobody's yet."""

from datetime import datetime
from uuid import UUID

from billing.gateway.books import FEE, PAYOUT, PAYOUT_BACK, Movement
from tenant_apps.accounting.reconciliation.ours import Ours
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account


def enter_fees(movement: Movement, ours: Ours, *, at: datetime) -> None:
    """What the processor and the platform kept of a movement; below zero, what they gave back. Once each."""
    payee_id = ours.payee_id_of(movement)
    fees = {
        f"fee:{movement.id}": (Account.FEES, fee_cents(movement)),
        f"fee:{movement.id}:platform": (Account.PLATFORM_FEES, movement.platform_fee_cents),
    }
    for source, (account, cents) in fees.items():
        if source not in ours.entered:
            _gain(-cents, account, source, movement.currency, payee_id, at)
            ours.entered[source] = -cents


def fee_cents(movement: Movement) -> int:
    """A fee that is charged by itself is the whole movement."""
    return movement.fee_cents - (movement.cents if movement.kind == FEE else 0)


def enter_payout(movement: Movement, ours: Ours, *, at: datetime) -> None:
    """Money that left for the bank, and came back where the bank would not have it. Once each."""
    source = payout_source(movement)
    if source not in ours.entered:
        _gain(movement.cents, Account.BANK, source, movement.currency, ours.payee_id_of(movement), at)
        ours.entered[source] = movement.cents


def payout_source(movement: Movement) -> str:
    named = movement.cause.id if movement.cause else movement.id
    return {PAYOUT: f"payout:{named}", PAYOUT_BACK: f"payout:{named}:returned"}[movement.kind]


def give_a_home(movement: Movement, ours: Ours, *, at: datetime) -> None:
    """Money of which we know nothing is in the ledger all the same, among what is to be claimed."""
    source = f"unclaimed:{movement.id}"
    if source not in ours.entered:
        _gain(movement.cents, Account.UNCLAIMED, source, movement.currency, ours.payee_id_of(movement), at)
        ours.entered[source] = movement.cents


def claim(movement: Movement, ours: Ours, *, at: datetime) -> None:
    """It has been entered as what it is: it is no longer to be claimed."""
    source = f"claimed:{movement.id}"
    had = ours.entered.get(f"unclaimed:{movement.id}", 0)
    if had and source not in ours.entered:
        _gain(-had, Account.UNCLAIMED, source, movement.currency, ours.payee_id_of(movement), at)
        ours.entered[source] = -had


def _gain(cents: int, other: Account, source: str, currency: str, payee_id: UUID, at: datetime) -> None:
    """Enter that our account at the processor gained so much, or lost it, from or to the other one."""
    debit, credit = (Account.PROCESSOR, other) if cents > 0 else (other, Account.PROCESSOR)
    ledger.enter(debit=debit, credit=credit, cents=abs(cents), source=source, of=(payee_id, currency), at=at)
