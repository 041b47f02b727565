"""The cache: keys carry the organisation. While Redis is gone the database counts, each process remembers the rest."""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

from kernel.database import connection
from tenants import remembered

logger = structlog.get_logger(__name__)

_CONNECT_SECONDS = 0.3
_ANSWER_SECONDS = 0.5
# After a failure, so that a page that reads ten values does not wait ten times.
_PAUSE_SECONDS = 2.0
_OWN_ENTRIES = 10_000
# Limits of attempts, and codes and proofs that have served: one process must know what another has let pass.
_SHARED = ("allauth", "robot/", "support/")


def make_key(key: str, prefix: str, version: int) -> str:
    """« schema:prefix:version:key »: one organisation never reads what another wrote."""
    return f"{connection.schema_name}:{prefix}:{version}:{key}"


def _forgiving(method: str) -> Callable[..., Any]:
    """Redis's own method; when Redis cannot be reached, the database's or that of this process's memory."""

    def call(self: "ForgivingRedisCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self.quiet_until:
            try:
                return getattr(super(ForgivingRedisCache, self), method)(*args, **kwargs)
            except RedisError as error:
                self.quiet_until = time.monotonic() + _PAUSE_SECONDS
                logger.warning("cache_unreachable", reason=str(error))
        return getattr(self.instead(args[0]), method)(*args, **kwargs)

    return call


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; behind it a table for the limits of attempts, and the memory of the process for the rest.

    A cache that merely forgot would do for pages. Limits need one that remembers: without it either nobody could sign
    in, or passwords could be tried without end, as often again in each process.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        limits = {"socket_connect_timeout": _CONNECT_SECONDS, "socket_timeout": _ANSWER_SECONDS}
        super().__init__(server, {**params, "OPTIONS": {**limits, **params.get("OPTIONS", {})}})
        self.own = LocMemCache("without redis", {**params, "OPTIONS": {"MAX_ENTRIES": _OWN_ENTRIES}})
        self.counted = remembered.RememberedCache({**params, "OPTIONS": {}})
        self.quiet_until = 0.0

    add = _forgiving("add")
    get = _forgiving("get")
    set = _forgiving("set")
    touch = _forgiving("touch")
    delete = _forgiving("delete")
    incr = _forgiving("incr")
    has_key = _forgiving("has_key")
    get_many = _forgiving("get_many")
    set_many = _forgiving("set_many")
    delete_many = _forgiving("delete_many")

    def forget_organisation(self) -> None:
        """All that the present organisation keeps in Redis, but for its limits of attempts."""
        try:
            redis = self._cache.get_client(None, write=True)
            for key in redis.scan_iter(match=f"{connection.schema_name}:*", count=1000):
                # As make_key writes it: the fourth part is the key itself.
                if not key.decode().split(":", 3)[-1].startswith(_SHARED):
                    redis.delete(key)
        except RedisError as error:
            logger.warning("cache_unreachable", reason=str(error))

    def instead(self, key: Any) -> BaseCache:
        """Several keys at once are never limits."""
        is_shared = isinstance(key, str) and key.startswith(_SHARED) and remembered.is_at_hand()
        return self.counted if is_shared else self.own

    def keys_of(self, schema: str) -> list[bytes]:
        """All that Redis holds of one organisation. Raises RedisError."""
        return list(self._cache.get_client(None).scan_iter(match=f"{schema}:*", count=1_000))

    def forget_all_of(self, schema: str) -> int:
        """Returns how many values there were. Raises RedisError."""
        keys = self.keys_of(schema)
        return int(self._cache.get_client(None, write=True).delete(*keys)) if keys else 0

    def reachable(self) -> bool:
        """Asks Redis itself, whatever happened a moment ago."""
        try:
            return bool(self._cache.get_client(None).ping())
        except RedisError:
            return False
