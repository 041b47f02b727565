"""The books against themselves: every fault there is, as they were at one instant."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from psycopg import IsolationLevel

from kernel.database import connection
from tenant_apps.accounting.proof import causes, credits, drawers, numbers, rows, sales, statements, sums
from tenant_apps.accounting.proof.faults import Fault

_PARTS = (sums, sales, rows, causes, drawers, credits, statements, numbers)


def check() -> list[Fault]:
    """Nothing where the books are right. A payment that comes meanwhile is not seen by half."""
    with _one_instant():
        return [fault for part in _PARTS for fault in part.check()]


@contextmanager
def _one_instant() -> Iterator[None]:
    """A transaction that sees nothing which is committed after it began. Inside another one, it is that one."""
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    wire = connection.connection
    wire.isolation_level, wire.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with transaction.atomic():
            yield
    finally:
        wire.isolation_level, wire.read_only = None, None
