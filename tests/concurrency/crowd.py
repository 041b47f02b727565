"""Many families at once: each in its own thread, on its own connection, inside the organisation."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from kernel.database import connection
from tenants.context import in_organisation
from tenants.models import Organisation

Arrival = TypeVar("Arrival")


def rush(
    organisation: Organisation, arrivals: Iterable[Arrival], act: Callable[[Arrival], None]
) -> list[BaseException]:
    """Let each arrival act at the same instant; returns what was raised."""
    everyone = list(arrivals)
    start = Barrier(len(everyone))

    def one(arrival: Arrival) -> BaseException | None:
        try:
            with in_organisation(organisation):
                connection.ensure_connection()
                start.wait()
                act(arrival)
        except Exception as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(everyone)) as pool:
        return [error for error in pool.map(one, everyone) if error is not None]
