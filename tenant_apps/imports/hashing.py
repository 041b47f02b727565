"""The hash of a national number, remembered: each line of a file asks for it several times."""

from functools import lru_cache

from kernel.database import connection
from tenant_apps.families.matching import national_number_hash


def number_hash(number: str) -> str:
    return _hash(connection.schema_name, number)


@lru_cache(maxsize=5000)
def _hash(schema_name: str, number: str) -> str:
    """Another organisation hashes the same number otherwise: its schema is part of what is remembered."""
    return national_number_hash(number)
