"""The books against themselves: every fault there is, as they were at one instant."""

from django.db import transaction

from kernel.database import connection
from tenant_apps.accounting.proof import numbers, rows, sums
from tenant_apps.accounting.proof.faults import Fault


def check() -> list[Fault]:
    """Nothing where the books are right. Payments that come meanwhile are not seen by half."""
    is_first = not connection.in_atomic_block
    with transaction.atomic():
        if is_first:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return [*sums.check(), *rows.check(), *numbers.check()]
