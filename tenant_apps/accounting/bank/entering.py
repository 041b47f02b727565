"""Enters the movements of a statement, each once however often its file is read; one transaction for each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.database import unique
from kernel.errors import Refusal
from kernel.transactions import operation
from tenant_apps.accounting.bank import home
from tenant_apps.accounting.bank.errors import OtherCurrency, UnknownAccount
from tenant_apps.accounting.bank.movements import MOST_MOVEMENTS, EmptyStatement, Movement, TooManyMovements
from tenant_apps.accounting.models import Book, StatementLine
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.models import Refund, RefundMeans, RefundStatus

IN, OUT = "in", "out"


class _Known(Refusal):
    """It was entered before."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What of a statement is new, by the payee whose account it is."""

    new: list[tuple[UUID, Movement]]
    known: list[Movement]
    ignored: list[Movement]


def foresee(movements: Sequence[Movement], *, payee: Payee | None) -> Foreseen:
    """What entering them would do. `payee`: whose account it is, where the file does not say.

    Raises UnknownAccount, OtherCurrency, EmptyStatement or TooManyMovements.
    """
    if not movements:
        raise EmptyStatement
    if len(movements) > MOST_MOVEMENTS:
        raise TooManyMovements(most=MOST_MOVEMENTS)
    of_payee = [(_payee_id(movement, payee), movement) for movement in movements]
    given_back = _amounts_to_give_back()
    kept = [each for each in of_payee if each[1].cents > 0 or (each[0], -each[1].cents) in given_back]
    lines = StatementLine.objects.filter(book=Book.BANK, reference__in=[each.reference[:120] for each in movements])
    had = set(lines.values_list("payee_id", "reference"))
    return Foreseen(
        new=[each for each in kept if (each[0], each[1].reference[:120]) not in had],
        known=[movement for payee_id, movement in of_payee if (payee_id, movement.reference[:120]) in had],
        ignored=[each[1] for each in of_payee if each not in kept and (each[0], each[1].reference[:120]) not in had],
    )


def enter_all(new: Iterable[tuple[UUID, Movement]], *, at: datetime) -> list[UUID]:
    """Returns the lines that were added; what another has entered meanwhile is not among them."""
    added = (_enter(payee_id=payee_id, movement=movement, at=at) for payee_id, movement in new)
    return [line_id for line_id in added if line_id]


@operation
def _enter(*, payee_id: UUID, movement: Movement, at: datetime) -> UUID | None:
    try:
        with unique(_Known):
            line = StatementLine.objects.create(
                book=Book.BANK,
                payee_id=payee_id,
                kind=IN if movement.cents > 0 else OUT,
                reference=movement.reference[:120],
                booked_on=movement.booked_on,
                cents=movement.cents,
                currency=movement.currency,
                communication=movement.communication[:300],
                counterparty=movement.counterparty[:120],
                found_at=at,
            )
    except _Known:
        return None
    if movement.cents > 0:
        home.enter(line, at)
    return line.id


def _amounts_to_give_back() -> Collection[tuple[UUID, int]]:
    """Refunds by transfer that staff are to make: what leaves the account for another cause is not ours to keep."""
    due = Refund.objects.filter(status=RefundStatus.DUE, means=RefundMeans.TRANSFER)
    return set(due.values_list("payment__order__payee_id", "amount_cents"))


def _payee_id(movement: Movement, payee: Payee | None) -> UUID:
    if movement.currency != organisation.profile().currency:
        raise OtherCurrency(currency=movement.currency.upper())
    if not movement.account and payee is not None:
        return payee.id
    found = next((each for each in organisation.payees() if _is_of(each, movement.account)), None)
    if found is None:
        raise UnknownAccount(account=movement.account)
    return found.id


def _is_of(payee: Payee, account: str) -> bool:
    """By its IBAN, or by the Belgian number that an IBAN holds."""
    return bool(payee.iban) and account in (payee.iban, payee.iban[4:])
