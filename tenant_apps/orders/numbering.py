"""Numbers without gaps, by payee and series: drawn in the transaction that uses them, or not drawn at all."""

from uuid import UUID

from kernel.database import connection

_NEXT = """
    INSERT INTO orders_numbering (payee_id, series, last) VALUES (%s, %s, 1)
    ON CONFLICT (payee_id, series) DO UPDATE SET last = orders_numbering.last + 1
    RETURNING last
"""


def next_number(*, payee_id: UUID, series: str) -> int:
    """In one statement: whoever orders of the same payee waits for its row until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [payee_id, series])
        [number] = cursor.fetchone()
    return int(number)
