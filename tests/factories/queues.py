"""Waiting rooms and turns, at the moment that a test says."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.models import Guardian
from tenant_apps.openings import operations
from tenant_apps.openings.models import Channel, Mode, Opening, Ticket
from tests.factories.families import a_guardian
from tests.factories.moments import NOON

_number = count(1)


def a_queue(**columns: Any) -> Opening:
    """One that opens at noon, where families gather from the hour before; any column may be given."""
    return Opening.objects.create(
        **{
            "name": f"Ouverture {next(_number)}",
            "mode": Mode.QUEUE,
            "gathers_from": NOON - timedelta(hours=1),
            "opens_at": NOON,
            **columns,
        }
    )


def a_turn(
    opening: Opening, guardian: Guardian | None = None, *, at: datetime | None = None, channel: Channel = Channel.WEB
) -> Ticket:
    """Taken ten minutes before it opens, unless a test says otherwise."""
    return operations.join(
        opening_id=opening.id,
        guardian_id=(guardian or a_guardian()).id,
        channel=channel,
        actor=SYSTEM,
        at=at or opening.opens_at - timedelta(minutes=10),
    )
