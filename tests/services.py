"""PostgreSQL and Redis for the suite: those the environment names, else the embedded ones, started once."""

import contextlib
import fcntl
import os
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches

from config.settings import environment
from deploy.embedded import services

_FOLDER = Path(__file__).parents[1] / ".local" / "tests"
# Where the test settings point until this module says otherwise: nothing listens there.
_NOWHERE = 1
_started = contextlib.ExitStack()


def start() -> None:
    """Start what nobody named, for this process and its children. A second call does nothing."""
    folder: Path | None = None
    for variable, service in (("DATABASE_URL", services.postgres), ("REDIS_URL", services.redis)):
        if urlsplit(os.environ[variable]).port == _NOWHERE:
            folder = folder or _own_folder()
            os.environ[variable] = _started.enter_context(service(folder)).url
    _tell_django()


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
    settings.DATABASES["default"].update(environment.database())
    settings.REDIS_URL = _redis_of_this_worker()
    settings.CACHES["default"]["LOCATION"] = settings.REDIS_URL
    with contextlib.suppress(AttributeError):
        del caches["default"]
    settings.CELERY_BROKER_URL = settings.REDIS_URL
    from tenants.queue import app

    app.conf.broker_url = settings.REDIS_URL


def _redis_of_this_worker() -> str:
    number = worker().removeprefix("gw")
    index = int(number) + 1 if number.isdigit() else 0
    return urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{index}").geturl()
