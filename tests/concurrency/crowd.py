"""Many families at once: each in its own thread, on its own connection, inside the organisation."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import transaction

from kernel.database import connection
from tenants.context import in_organisation
from tenants.models import Organisation

Arrival = TypeVar("Arrival")


def rush(
    organisation: Organisation, arrivals: Iterable[Arrival], act: Callable[[Arrival], None], *, is_held: bool = False
) -> list[BaseException]:
    """Let each arrival act at the same instant; returns what was raised.

    `is_held`: none is committed before all have acted. So the race that a guard is there for is lost every time without
    it; with it, they would wait for each other.
    """
    everyone = list(arrivals)
    start = Barrier(len(everyone))

    def one(arrival: Arrival) -> BaseException | None:
        try:
            with in_organisation(organisation):
                connection.ensure_connection()
                start.wait()
                if not is_held:
                    act(arrival)
                    return None
                with transaction.atomic():
                    act(arrival)
                    start.wait(timeout=20)
        except Exception as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(everyone)) as pool:
        return [error for error in pool.map(one, everyone) if error is not None]


def until_somebody_waits() -> None:
    """For a lock that this transaction holds; who waits in the database of another test run is nobody here."""
    for _attempt in range(100):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE NOT granted AND datname = current_database()"
            )
            if cursor.fetchone():
                return
        time.sleep(0.05)
    raise AssertionError("nobody waited")
