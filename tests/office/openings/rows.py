"""Openings as the workplace shows them, by the clock of now."""

from datetime import timedelta
from typing import Any

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering
from tenant_apps.openings import operations
from tenant_apps.openings.models import Channel, Mode, Opening, Ticket
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_guardian

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def in_a_month(name: str = "Camps d’été", **columns: Any) -> Opening:
    opens_at = (clock.now() + 30 * DAY).replace(second=0, microsecond=0)
    told = {"mode": Mode.QUEUE, "gathers_from": opens_at - 10 * DAY, "opens_at": opens_at, **columns}
    return Opening.objects.create(name=name, **told)


def begun(name: str = "Camps de jour", **columns: Any) -> Opening:
    """It opened a minute ago, and nothing is drawn yet."""
    opens_at = clock.now() - MINUTE
    told = {"mode": Mode.QUEUE, "gathers_from": opens_at - DAY, "opens_at": opens_at, **columns}
    return Opening.objects.create(name=name, **told)


def a_turn(opening: Opening, channel: Channel = Channel.WEB) -> Ticket:
    """Of a new family, taken before it opened."""
    return operations.join(
        opening_id=opening.pk,
        guardian_id=a_guardian().pk,
        channel=channel,
        actor=SYSTEM,
        at=opening.opens_at - MINUTE,
    )


def a_camp(opening: Opening | None, title: str = "Camp", **columns: Any) -> Offering:
    """Free, of ten places, with a waiting list."""
    told = {"summary": "Un camp.", "opening": opening, "waiting": {"mode": "automatic"}, **columns}
    offering = an_offering(title, **told)
    an_option("Semaine 1", offering=offering, price=0, places=10)
    return offering
