"""The national number as it is searched: its keyed hash, the same wherever the organisation looks for it."""

from functools import lru_cache

from kernel.database import connection
from shared_apps.vault import sealing

PURPOSE = "national_number"


def number_hash(number: str) -> str:
    return _hash(connection.schema_name, number)


@lru_cache(maxsize=5000)
def _hash(schema_name: str, number: str) -> str:
    return sealing.keyed_hash(number, purpose=PURPOSE)
