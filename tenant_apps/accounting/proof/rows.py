"""Each payment and each refund has exactly its rows in the ledger, and no row is about none."""

from collections.abc import Iterator
from uuid import UUID

from tenant_apps.accounting.proof.faults import Fault
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.payments.models import Payment, Refund, RefundStatus, Status
from tenant_apps.payments.operations.receive import HELD_IN
from tenant_apps.payments.operations.refund import PAID_FROM

# A row as it should be: from, to, cents, order.
Row = tuple[str, str, int, UUID | None]


def check() -> Iterator[Fault]:
    yield from _compared("payment", _rows("payment:"), _of_payments())
    yield from _compared("refund", _rows("refund:"), _of_refunds())


def _rows(prefix: str) -> dict[str, Row]:
    rows = Transfer.objects.filter(source__startswith=prefix).order_by()
    found = rows.values_list("source", "debit", "credit", "amount_cents", "order_id")
    return {source: (debit, credit, cents, order_id) for source, debit, credit, cents, order_id in found.iterator()}


def _compared(what: str, entered: dict[str, Row], due: dict[str, Row]) -> Iterator[Fault]:
    for source in sorted({*entered, *due}):
        expected, found = due.get(source), entered.get(source)
        if expected != found:
            yield Fault(f"the rows of each {what}", source, expected[2] if expected else 0, found[2] if found else 0)


def _of_payments() -> dict[str, Row]:
    due: dict[str, Row] = {}
    paid = Payment.objects.filter(status=Status.SUCCEEDED).order_by()
    facts = paid.values_list("id", "means", "amount_cents", "rounding_cents", "order_id")
    for key, means, cents, rounding, order_id in facts.iterator():
        held_in = HELD_IN[means]
        due[f"payment:{key}:received"] = (held_in, Account.RECEIVABLE, cents, order_id)
        if rounding:
            sides = (held_in, Account.ROUNDING) if rounding > 0 else (Account.ROUNDING, held_in)
            due[f"payment:{key}:rounded"] = (*sides, abs(rounding), order_id)
    return due


def _of_refunds() -> dict[str, Row]:
    """What replaces a refund that failed is owed by that one; what came back was paid first."""
    due: dict[str, Row] = {}
    returned = set(
        Transfer.objects.filter(source__startswith="refund:", source__endswith=":returned").values_list(
            "source", flat=True
        )
    )
    facts = Refund.objects.order_by().values_list(
        "id", "means", "amount_cents", "status", "replaces_id", "payment__order_id"
    )
    for key, means, cents, status, replaces, order_id in facts.iterator():
        held_in = PAID_FROM[means]
        if replaces is None:
            due[f"refund:{key}:owed"] = (Account.RECEIVABLE, Account.REFUNDS, cents, order_id)
        came_back = status == RefundStatus.FAILED and f"refund:{key}:returned" in returned
        if status == RefundStatus.SUCCEEDED or came_back:
            due[f"refund:{key}:paid"] = (Account.REFUNDS, held_in, cents, order_id)
        if came_back:
            due[f"refund:{key}:returned"] = (held_in, Account.REFUNDS, cents, order_id)
    return due
