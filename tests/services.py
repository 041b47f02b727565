"""PostgreSQL and Redis for the suite: those the environment names, else the embedded ones, started once."""

import contextlib
import fcntl
import os
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.core.cache import caches

from config.settings import environment
from deploy.embedded import services

_FOLDER = Path(__file__).parents[1] / ".local" / "tests"
# Where the test settings point until this module says otherwise: nothing listens there.
_NOWHERE = 1
_started = contextlib.ExitStack()
_addresses_known = False


def start() -> None:
    """Start what nobody named, for this process and its children. A second call does nothing."""
    folder: Path | None = None
    for variable, service in (("DATABASE_URL", services.postgres), ("REDIS_URL", services.redis)):
        if urlsplit(os.environ[variable]).port == _NOWHERE:
            folder = folder or _own_folder()
            os.environ[variable] = _started.enter_context(service(folder)).url
    _tell_django()


def empty_redis() -> None:
    """Between two tests: what one left in the cache or the queue is not the next one's."""
    if _addresses_known:
        _redis().flushdb()


def stop() -> None:
    _started.close()


def worker() -> str:
    """gw0, gw1… with xdist, else main."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def _own_folder() -> Path:
    """Kept from one run to the next for its databases; a run beside this one takes another."""
    for number in range(100):
        folder = _FOLDER / str(number)
        folder.mkdir(parents=True, exist_ok=True)
        lock = _started.enter_context((folder / "lock").open("w"))
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return folder
    raise RuntimeError(f"a hundred runs are under way in {_FOLDER}")


def _tell_django() -> None:
    """The settings were read before the addresses were known."""
    global _addresses_known
    settings.DATABASES["default"].update(environment.database())
    settings.REDIS_URL = _redis_of_this_worker()
    settings.CACHES["default"]["LOCATION"] = settings.REDIS_URL
    with contextlib.suppress(AttributeError):
        del caches["default"]
    settings.CELERY_BROKER_URL = settings.REDIS_URL
    from tenants.queue import app

    app.conf.broker_url = settings.REDIS_URL
    _addresses_known = True


@cache
def _redis() -> "redis.Redis[bytes]":
    return redis.Redis.from_url(settings.REDIS_URL)


def _redis_of_this_worker() -> str:
    """Redis has sixteen numbered databases: each worker of xdist its own, and the rest the one that is named."""
    number = worker().removeprefix("gw")
    url = urlsplit(os.environ["REDIS_URL"])
    return url._replace(path=f"/{int(number) + 1}").geturl() if number.isdigit() else url.geturl()
