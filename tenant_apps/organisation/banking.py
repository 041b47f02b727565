"""The bank account of a payee: where transfers go, and the number that begins their communications (S4-45)."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError

from kernel.database import lock, lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from tenant_apps.organisation.models import Payee

_CODES = range(1, 1000)
_COLUMNS = "statement_columns"


class BadIban(Refusal):
    code = "bad_iban"
    message = _("Cet IBAN n’est pas valide\u202f: vérifiez ses chiffres.")


class NoCodeLeft(Refusal):
    code = "no_code_left"
    message = _("Plus aucun numéro n’est libre pour les communications structurées.")


@operation
def set_bank(*, payee_id: UUID, iban: str, bic: str = "", bank_account: str | None = None) -> Payee:
    """Keep the account; its payee gets a number of its own with the first one, and keeps it for ever.

    `bank_account` None leaves it as it was. Raises BadIban or NoCodeLeft.
    """
    # All of them: two payees that get their number at the same instant must not choose the same.
    codes = {payee.id: payee.code for payee in lock(Payee.objects.all())}
    payee = Payee.objects.get(pk=payee_id)
    payee.iban, payee.bic = compact(iban), bic.replace(" ", "").upper()
    if bank_account is not None:
        payee.bank_account = bank_account
    if payee.iban and payee.code is None:
        taken = set(codes.values())
        payee.code = next((code for code in _CODES if code not in taken), None)
        if payee.code is None:
            raise NoCodeLeft
    payee.save(update_fields=["iban", "bic", "bank_account", "code"])
    return payee


def compact(iban: str) -> str:
    """As it is kept, without its spaces. Raises BadIban."""
    if not iban.strip():
        return ""
    try:
        # The lists of banks that are in a library age: a new bank's account is one all the same.
        return str(stdnum_iban.validate(iban, check_country=False))
    except ValidationError:
        raise BadIban from None


def grouped(iban: str) -> str:
    """As it is read and typed, by fours."""
    return str(stdnum_iban.format(iban))


def statement_columns(payee: Payee) -> dict[str, str]:
    """What the columns of its bank's tables are called, as the last import said."""
    known = payee.accounting.get(_COLUMNS, {})
    return known if isinstance(known, dict) else {}


@operation
def keep_statement_columns(*, payee_id: UUID, columns: Mapping[str, str]) -> None:
    payee = lock_one(Payee.objects.filter(pk=payee_id))
    payee.accounting = {**payee.accounting, _COLUMNS: dict(columns)}
    payee.save(update_fields=["accounting"])
