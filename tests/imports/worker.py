"""A worker of its own, as in production: `celery -A config.celery worker` on the database of this test."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).parents[2]
_OPTIONS = ("--pool=solo", "--loglevel=ERROR", "--without-mingle", "--without-gossip", "--without-heartbeat")


@contextmanager
def a_worker() -> Iterator["subprocess.Popen[bytes]"]:
    address = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings.DATABASES["default"])
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "REDIS_URL": settings.REDIS_URL,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "CLOCK_FILE": str(settings.CLOCK_FILE),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "config.celery", "worker", *_OPTIONS],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)
