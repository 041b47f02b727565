"""What waits in the broker, and when the clock of the regular tasks last spoke. Read where they are, kept nowhere."""

import json
import time
from dataclasses import dataclass
from datetime import datetime

import redis
from django.conf import settings
from redis.exceptions import RedisError

from kernel.task_logs import SENT_AT
from tenants.context import in_registry
from tenants.models import JobRun
from tenants.tasks import each_organisation

# The broker's own names: what waits, and what a worker has taken and not yet finished.
_WAITING, _TAKEN = "celery", "unacked"
_PATIENCE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Queue:
    """`oldest_seconds`: how long the first in line has waited."""

    waiting: int
    taken: int
    oldest_seconds: int


def read() -> Queue | None:
    """None while the broker does not answer."""
    broker: redis.Redis = redis.Redis.from_url(
        settings.CELERY_BROKER_URL, socket_timeout=_PATIENCE_SECONDS, socket_connect_timeout=_PATIENCE_SECONDS
    )
    try:
        with broker, broker.pipeline(transaction=False) as asked:
            # New ones are pushed at the head, and the next one to be done is at the tail.
            asked.llen(_WAITING)
            asked.hlen(_TAKEN)
            asked.lindex(_WAITING, -1)
            waiting, taken, last = asked.execute()
    except RedisError:
        return None
    return Queue(waiting=waiting, taken=taken, oldest_seconds=_age(last))


def last_round() -> datetime | None:
    """When the regular tasks were last handed out: a clock that stopped is seen here."""
    with in_registry():
        rounds = JobRun.objects.filter(organisation=None, task=each_organisation.name)
        return rounds.values_list("finished_at", flat=True).first()


def _age(message: bytes | None) -> int:
    """By the machine's own clock, which is the one that it was sent by."""
    if message is None:
        return 0
    try:
        sent_at = float(json.loads(message)["headers"][SENT_AT])
    except (ValueError, KeyError, TypeError):
        return 0
    return max(int(time.time() - sent_at), 0)
