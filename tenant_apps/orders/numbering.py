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


_AT_LEAST = """
    INSERT INTO orders_numbering (payee_id, series, last) SELECT id, %s, %s FROM organisation_payee WHERE id = %s
    ON CONFLICT (payee_id, series) DO UPDATE SET last = EXCLUDED.last WHERE orders_numbering.last < EXCLUDED.last
    RETURNING last
"""


def pass_over(*, payee_id: UUID, series: str, last: int) -> bool:
    """Give none of these numbers any more: somebody may have a paper with one. False where all had been given."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_LEAST, [series, last, payee_id])
        return cursor.fetchone() is not None
