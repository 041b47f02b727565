"""The figures that an organisation's own task takes of it every five minutes, and leaves where operators read them."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from django.db import transaction

from kernel.registry import Registry
from tenants.context import current, in_registry
from tenants.models import Pulse

logger = structlog.get_logger(__name__)

Figures = Mapping[str, float]

# Called inside the organisation. Numbers alone: what names a person, or could, is no figure. A name is of one room.
FIGURES: Registry[Callable[[], Figures]] = Registry("source of figures")


def take(*, at: datetime) -> Figures:
    """What the rooms say of the organisation of now, kept in place of what they said before."""
    figures: dict[str, float] = {}
    for room, told in FIGURES:
        figures |= _told(room, told)
    organisation = current()
    with in_registry():
        Pulse.objects.bulk_create(
            [Pulse(organisation_id=organisation.pk, at=at, figures=figures)],
            update_conflicts=True,
            unique_fields=["organisation"],
            update_fields=["at", "figures"],
        )
    return figures


def _told(room: str, told: Callable[[], Figures]) -> Figures:
    """A room that cannot answer keeps nobody from reading what the others say."""
    try:
        with transaction.atomic():
            return {name: _number(value) for name, value in told().items()}
    except Exception:
        logger.exception("watching.figures_failed", room=room)
        return {}


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("a figure is a number")
    return value
