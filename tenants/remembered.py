"""A cache in the organisation's own table, for what every process must know of while Redis is gone."""

import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django_tenants.utils import get_public_schema_name

from kernel.database import connection

# Clock of the database: one for all processes. Not now(), which stands still in a transaction.
_UNTIL = "clock_timestamp() + make_interval(secs => %s)"
_PUT = f"""
    INSERT INTO accounts_remembered AS kept (key, value, expires_at) VALUES (%s, %s, {_UNTIL})
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at
"""  # noqa: S608
# Who finds the row of another that is still good adds nothing: this is what a lock is made of.
_ADD = f"{_PUT} WHERE kept.expires_at <= clock_timestamp() RETURNING key"
_GET = "SELECT value FROM accounts_remembered WHERE key = %s AND expires_at > clock_timestamp()"
_ADD_UP = """
    UPDATE accounts_remembered SET value = (value::bigint + %s)::text
    WHERE key = %s AND expires_at > clock_timestamp() RETURNING value
"""
_DELETE = "DELETE FROM accounts_remembered WHERE key = %s"
_FOR_EVER_SECONDS = 7 * 24 * 3600


class RememberedCache(BaseCache):
    """Holds what JSON holds. Slower than a memory, and only asked for the few keys that count."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._asked(_ADD, key, json.dumps(value), self._seconds(timeout), version=version) is not None

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        found = self._asked(_GET, key, version=version)
        return default if found is None else json.loads(found)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._asked(f"{_PUT} RETURNING key", key, json.dumps(value), self._seconds(timeout), version=version)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._asked(f"{_DELETE} RETURNING key", key, version=version) is not None

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError for what is not there, as every cache does."""
        found = _first(_ADD_UP, delta, self.make_and_validate_key(key, version=version))
        if found is None:
            raise ValueError(f"Key {key!r} not found")
        return int(found)

    def _asked(self, statement: str, key: str, *values: Any, version: int | None) -> Any:
        return _first(statement, self.make_and_validate_key(key, version=version), *values)

    def _seconds(self, timeout: Any) -> float:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return _FOR_EVER_SECONDS if seconds is None else max(0.0, float(seconds))


def _first(statement: str, *values: Any) -> Any:
    """The first column of the first row of the answer, None where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row = cursor.fetchone()
    return row[0] if row else None


def is_at_hand() -> bool:
    """The registry's own schema has no such table, and nobody signs in there."""
    return bool(connection.schema_name != get_public_schema_name())
