"""A worker's application with tasks that write down where they ran: `celery -A tests.isolation.worker worker`."""

import redis
from celery import shared_task
from django.conf import settings
from django.db import connection

from config.celery import app
from kernel.tasks import even_suspended
from tenants.tasks import platform_task

__all__ = ["app"]

RAN = "tests:ran"


def notes() -> "redis.Redis[str]":
    client: redis.Redis[str] = redis.Redis.from_url(settings.CELERY_BROKER_URL, decode_responses=True)
    return client


def _note(mark: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema(), current_user")
        schema, role = cursor.fetchone()
    notes().rpush(RAN, f"{mark} {schema} {role}")


@shared_task
def note(*, mark: str) -> None:
    _note(mark)


@shared_task(name=even_suspended("tests.note_even_suspended"))
def note_even_suspended(*, mark: str) -> None:
    _note(mark)


@shared_task
def note_round() -> None:
    _note("round")


@shared_task
def fail(*, mark: str) -> None:
    _note(mark)
    raise RuntimeError("a defect in a task")


@platform_task
def note_in_registry(*, mark: str) -> None:
    _note(mark)
