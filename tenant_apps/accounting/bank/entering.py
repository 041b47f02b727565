"""Enters the movements of a statement, each once however often its file is read; one transaction for each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.database import unique
from kernel.errors import Refusal
from kernel.transactions import operation
from tenant_apps.accounting.bank import copies, home
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
    """What of a statement is new, by the payee whose account it is; `doubtful`: its references that may not be."""

    new: list[tuple[UUID, Movement]]
    doubtful: set[str]
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
    accounts = copies.payees_by_account()
    # Where several payees share the account, it is one of them, whichever file brings it and whoever imports it.
    payee_of = _payees_of(movements, payee)
    of_payee = [(accounts[payee_of[movement.account]][0], movement) for movement in movements]
    given_back = _amounts_to_give_back()
    within = [each for each in of_payee if not each[1].is_too_large]
    kept = [each for each in within if each[1].cents > 0 or (each[0], -each[1].cents) in given_back]
    lines = StatementLine.objects.filter(book=Book.BANK, reference__in=[each.reference[:120] for each in movements])
    had = {(accounts[payee_id][0], reference) for payee_id, reference in lines.values_list("payee_id", "reference")}
    new = [each for each in kept if (each[0], each[1].reference[:120]) not in had]
    return Foreseen(
        new=new,
        doubtful=_doubtful(new),
        known=[movement for payee_id, movement in of_payee if (payee_id, movement.reference[:120]) in had],
        ignored=[each[1] for each in of_payee if each not in kept and (each[0], each[1].reference[:120]) not in had],
    )


def enter_all(new: Iterable[tuple[UUID, Movement]], *, at: datetime) -> list[UUID]:
    """Returns the lines that were added; what another has entered meanwhile is not among them."""
    added = (_enter(payee_id=payee_id, movement=movement, at=at) for payee_id, movement in new)
    return [line_id for line_id in added if line_id]


@operation
def _enter(*, payee_id: UUID, movement: Movement, at: datetime) -> UUID | None:
    line = _line(payee_id, movement)
    line.found_at = at
    try:
        with unique(_Known):
            line.save(force_insert=True)
    except _Known:
        return None
    if movement.cents > 0:
        home.enter(line, at)
    return line.id


def _line(payee_id: UUID, movement: Movement) -> StatementLine:
    return StatementLine(
        book=Book.BANK,
        payee_id=payee_id,
        kind=IN if movement.cents > 0 else OUT,
        reference=movement.reference[:120],
        booked_on=movement.booked_on,
        cents=movement.cents,
        currency=movement.currency,
        communication=movement.communication[:300],
        counterparty=movement.counterparty[:120],
    )


def _doubtful(new: Iterable[tuple[UUID, Movement]]) -> set[str]:
    lines = [_line(payee_id, movement) for payee_id, movement in new]
    alike = copies.of_lines(lines)
    return {line.reference for line in lines if alike[line.id]}


def _amounts_to_give_back() -> Collection[tuple[UUID, int]]:
    """Refunds by transfer that staff are to make: what leaves the account for another cause is not ours to keep."""
    due = Refund.objects.filter(status=RefundStatus.DUE, means=RefundMeans.TRANSFER)
    return set(due.values_list("payment__order__payee_id", "amount_cents"))


def _payees_of(movements: Iterable[Movement], payee: Payee | None) -> dict[str, UUID]:
    """Whose each account is that the movements name."""
    ours, payees = organisation.profile().currency, list(organisation.payees())
    found: dict[str, UUID] = {}
    for movement in movements:
        if movement.currency != ours:
            raise OtherCurrency(currency=movement.currency.upper())
        if movement.account not in found:
            found[movement.account] = _payee_of(movement.account, payee, payees)
    return found


def _payee_of(account: str, payee: Payee | None, payees: Iterable[Payee]) -> UUID:
    if not account and payee is not None:
        return payee.id
    known = next((each for each in payees if _is_of(each, account)), None)
    if known is None:
        raise UnknownAccount(account=account)
    return known.id


def _is_of(payee: Payee, account: str) -> bool:
    """By its IBAN, or by the Belgian number that an IBAN holds."""
    return bool(payee.iban) and account in (payee.iban, payee.iban[4:])
