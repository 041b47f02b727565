"""Each payment and each refund has exactly its rows in the ledger, and no row is about none."""

from collections.abc import Iterator

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from tenant_apps.accounting.proof import streams
from tenant_apps.accounting.proof.faults import Fault
from tenant_apps.accounting.proof.streams import Rows
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.payments.models import Payment, Refund, RefundStatus, Status
from tenant_apps.payments.operations.receive import HELD_IN
from tenant_apps.payments.operations.refund import PAID_FROM


def check() -> Iterator[Fault]:
    yield from streams.compared("the rows of each payment", streams.entered("payment:"), _of_payments())
    yield from streams.compared("the rows of each refund", streams.entered("refund:"), _of_refunds())


def _of_payments() -> Rows:
    paid = Payment.objects.filter(status=Status.SUCCEEDED).order_by("id")
    facts = paid.values_list("id", "means", "amount_cents", "rounding_cents", "order_id")
    for key, means, cents, rounding, order_id in facts.iterator():
        held_in = HELD_IN[means]
        yield f"payment:{key}:received", (held_in, Account.RECEIVABLE, cents, order_id)
        if rounding:
            sides = (held_in, Account.ROUNDING) if rounding > 0 else (Account.ROUNDING, held_in)
            yield f"payment:{key}:rounded", (*sides, abs(rounding), order_id)


def _of_refunds() -> Rows:
    """What replaces a refund that failed is owed by that one; what came back was paid first."""
    named = Concat(Value("refund:"), Cast(OuterRef("pk"), CharField()), Value(":returned"))
    returned = Exists(Transfer.objects.filter(source=named))
    facts = Refund.objects.annotate(returned=returned).order_by("id")
    for key, means, cents, status, replaces, order_id, is_returned in facts.values_list(
        "id", "means", "amount_cents", "status", "replaces_id", "payment__order_id", "returned"
    ).iterator():
        held_in = PAID_FROM[means]
        if replaces is None:
            yield f"refund:{key}:owed", (Account.RECEIVABLE, Account.REFUNDS, cents, order_id)
        came_back = status == RefundStatus.FAILED and is_returned
        if status == RefundStatus.SUCCEEDED or came_back:
            yield f"refund:{key}:paid", (Account.REFUNDS, held_in, cents, order_id)
        if came_back:
            yield f"refund:{key}:returned", (held_in, Account.REFUNDS, cents, order_id)
