"""The door for background workers and for the process that sends what comes round."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
django.setup()

from kernel.tasks import PERIODIC, Periodic  # noqa: E402
from tenants.queue import app  # noqa: E402
from tenants.tasks import each_organisation  # noqa: E402


def _entry(periodic: Periodic) -> dict[str, object]:
    expires = {"options": {"expires": periodic.every.total_seconds()}}
    if periodic.registry:
        return {"task": periodic.task, "schedule": periodic.every, **expires}
    return {
        "task": each_organisation.name,
        "schedule": periodic.every,
        "kwargs": {"task_name": periodic.task},
        **expires,
    }


app.conf.beat_schedule = {name: _entry(periodic) for name, periodic in PERIODIC}

__all__ = ["app"]
