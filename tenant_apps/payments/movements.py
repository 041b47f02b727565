"""The credit of a family as a statement: what came in, what went out, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.orders.models import Account, Order, Transfer
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import credit

# By the cause that the ledger names: what begins with the one and ends with the other.
_WORDS: Mapping[tuple[str, str], Promise] = {
    ("refund", "paid"): _("Remboursement gardé en crédit"),
    ("payment", "received"): _("Utilisé pour une commande"),
    ("credit", "granted"): _("Geste de l’organisation"),
    ("credit", "out"): _("Viré vers un autre compte de paiement"),
    ("credit", "in"): _("Viré depuis un autre compte de paiement"),
    ("credit", "paid"): _("Versé à la famille"),
}


@dataclass(frozen=True, slots=True)
class Movement:
    """`cents` is above zero for what came in; `balance_cents` what the family then had with the payee."""

    at: datetime
    payee: Payee
    order: Order | None
    words: Promise | str
    cents: int
    balance_cents: int


def movements(guardian_id: UUID) -> list[Movement]:
    """The latest first. Two queries."""
    rows = credit.rows_of(guardian_id).select_related("payee", "order").order_by("at", "id")
    had: dict[UUID, int] = {}
    found = []
    for row in rows:
        cents = row.amount_cents if row.credit == Account.CREDIT else -row.amount_cents
        had[row.payee_id] = had.get(row.payee_id, 0) + cents
        found.append(Movement(row.at, row.payee, row.order, _why(row), cents, had[row.payee_id]))
    return found[::-1]


def _why(row: Transfer) -> Promise | str:
    cause, *_rest, end = row.source.split(":")
    return _WORDS.get((cause, end), "")
