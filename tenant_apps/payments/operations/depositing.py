"""Deposits: what is in the drawer of a payee is counted, put on a numbered slip and taken to the bank."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.orders.numbering import next_number
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import drawer
from tenant_apps.payments.models import Means

SERIES = "deposits"
MADE = "deposits.made"


class DrawerChanged(Refusal):
    code = "drawer_changed"
    message = _("La caisse a changé depuis l’ouverture de cette page. Vérifiez les montants, puis recommencez.")


class NothingToDeposit(Refusal):
    code = "nothing_to_deposit"
    message = _("Il n’y a rien à déposer.")


class DifferenceUnexplained(Refusal):
    code = "difference_unexplained"
    message = _("Le compte diffère de ce qui est attendu\u202f: expliquez l’écart.")


@dataclass(frozen=True, slots=True)
class Count:
    """`expected_cents` of cash is what the page showed; `counted_cents` what was found; `cheques` those that go."""

    expected_cents: int
    counted_cents: int
    cheques: Collection[UUID] = ()
    note: str = ""


@operation
def deposit(*, payee_id: UUID, count: Count, actor: Actor, at: datetime) -> int:
    """Take all the cash that was counted and these cheques to the bank. Returns the number of the slip.

    What is missing of the cash, or is there beyond it, is entered too: the drawer starts again from nothing. A slip
    is never undone; the next one corrects it. Raises DrawerChanged, NothingToDeposit or DifferenceUnexplained.
    """
    # Drawn first: whoever deposits for the same payee waits here, and finds the drawer as it then is.
    number = next_number(payee_id=payee_id, series=SERIES)
    found = drawer.of_payee(payee_id)
    cheques = [each for each in found.cheques if each.id in set(count.cheques)]
    if found.cash_cents != count.expected_cents or len(cheques) != len(set(count.cheques)):
        raise DrawerChanged
    if not count.counted_cents and not cheques and not found.cash_cents:
        raise NothingToDeposit
    difference = count.counted_cents - found.cash_cents
    if difference and not count.note.strip():
        raise DifferenceUnexplained
    taken = [*(each.id for each in cheques), *(each.id for each in found.cash)]
    if drawer.waiting(payee_id).filter(pk__in=taken).update(deposit=number) != len(taken):
        raise DrawerChanged
    _enter(payee_id, number, Means.CASH, count.counted_cents, at)
    _enter(payee_id, number, Means.CHEQUE, sum(each.amount_cents for each in cheques), at)
    _enter_difference(payee_id, number, difference, at)
    audit.record(
        action=MADE,
        subject="payee",
        subject_id=payee_id,
        actor=actor,
        at=at,
        details={"deposit": number, "difference_cents": difference, "note": count.note.strip()},
    )
    return number


def _enter(payee_id: UUID, number: int, means: Means, cents: int, at: datetime) -> None:
    ledger.enter(
        debit=Account.BANK,
        credit=Account.CASH,
        cents=cents,
        of=(payee_id, organisation.profile().currency),
        source=drawer.source(payee_id, number, means),
        at=at,
    )


def _enter_difference(payee_id: UUID, number: int, cents: int, at: datetime) -> None:
    """Beside the roundings, since both are coins that no sale explains; its own source tells them apart."""
    more = (Account.CASH, Account.ROUNDING)
    debit, credit = more if cents > 0 else more[::-1]
    ledger.enter(
        debit=debit,
        credit=credit,
        cents=abs(cents),
        of=(payee_id, organisation.profile().currency),
        source=drawer.source(payee_id, number, drawer.DIFFERENCE),
        at=at,
    )
