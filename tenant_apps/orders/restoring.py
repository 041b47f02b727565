"""Numbers never go back: what was given to somebody since the moment of a restore is not given to another."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from tenant_apps.orders.models import Numbering
from tenant_apps.orders.numbering import pass_over
from tenants.restoring.rooms import Scene

PASSED_OVER = "orders.numbers_passed_over"

_GIVEN = "SELECT payee_id, series, last FROM {wrecked}.orders_numbering"
# Where the counter itself was lost.
_ORDERS = "SELECT payee_id, 'orders', max(number) FROM {wrecked}.orders_order GROUP BY payee_id"


def numbers(scene: Scene) -> dict[str, Any]:
    found = [*scene.rows("orders_numbering", _GIVEN), *scene.rows("orders_order", _ORDERS)]
    return {"passed_over": keep(found, scene)}


@operation
def keep(found: Iterable[tuple[UUID, str, int]], scene: Scene) -> list[str]:
    """`found`: payee, series, last number given. Returns what is passed over, in words for the report."""
    told = []
    for payee_id, series, last in found:
        before = Numbering.objects.filter(payee=payee_id, series=series).values_list("last", flat=True).first() or 0
        if last <= before or not pass_over(payee_id=payee_id, series=series, last=last):
            continue
        details = {"series": series, "first": before + 1, "last": last}
        audit.record(
            action=PASSED_OVER, subject="payee", subject_id=payee_id, actor=SYSTEM, at=scene.at, details=details
        )
        told.append(f"{series} {before + 1} to {last}")
    return told
