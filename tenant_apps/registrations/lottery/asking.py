"""A draw is asked for in a moment and done by a worker: a request never lasts as long as thousands of families take.

Whatever stops the worker, the whole draw is undone, and the word to do it comes again (outbox).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import OperationalError

from kernel import clock
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.registrations.lottery import draw, errors

log = structlog.get_logger(__name__)

EVENT = "openings.draw_asked"


@operation
def ask(*, opening_id: UUID, actor: Actor, at: datetime) -> None:
    """Asked twice, it is asked once; after a failure it may be asked again.

    Raises NotALottery, TooEarly or DrawnAlready.
    """
    due = Opening.objects.filter(pk=opening_id, mode=Mode.LOTTERY, opens_at__lte=at, drawn_at=None)
    if not due.filter(draw_asked_at=None).update(draw_asked_at=at, draw_failed_at=None):
        _refuse(Opening.objects.get(pk=opening_id), at)
        return
    audit.record(action="opening.draw_asked", subject="opening", subject_id=opening_id, actor=actor, at=at)
    payload = {"opening": str(opening_id), "user": str(actor.user_id or ""), "label": actor.label}
    outbox.tell(kind=EVENT, payload=payload, at=at)


def draw_now(payload: dict[str, Any]) -> None:
    """What the worker hears. What cannot be done is said where it was asked for."""
    opening_id, at = UUID(payload["opening"]), clock.now()
    user_id = UUID(payload["user"]) if payload["user"] else None
    actor = Actor(kind="staff", user_id=user_id, label=payload["label"])
    try:
        draw.run(opening_id=opening_id, actor=actor, at=at)
    except errors.DrawnAlready:
        return
    except OperationalError:
        # The database refused it for now: the outbox begins it again.
        raise
    except Exception as error:
        log.exception("draw.failed", opening=str(opening_id))
        _fail(opening_id, error, at)


def _fail(opening_id: UUID, error: Exception, at: datetime) -> None:
    if Opening.objects.filter(pk=opening_id, drawn_at=None).update(draw_asked_at=None, draw_failed_at=at):
        audit.record(
            action="opening.draw_failed",
            subject="opening",
            subject_id=opening_id,
            actor=SYSTEM,
            at=at,
            details={"error": type(error).__name__},
        )


def _refuse(opening: Opening, at: datetime) -> None:
    """Nothing where it is asked for already."""
    if opening.mode != Mode.LOTTERY:
        raise errors.NotALottery
    if opening.drawn_at is not None:
        raise errors.DrawnAlready
    if at < opening.opens_at:
        raise errors.TooEarly
