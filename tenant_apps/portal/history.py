"""What a child has already, shown once something more was chosen for them (S4-28)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tenant_apps.families.models import Guardian, Participant
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.queries import had_by

_NO_DAY = date.max


@dataclass(frozen=True)
class History:
    participant: Participant
    lines: list[Registration]


def of_children(guardian: Guardian, participants: Iterable[Participant]) -> list[History]:
    """Of each, by day: what was confirmed through this guardian, and what their basket keeps. One query."""
    children = {each.id: each for each in participants}
    found = sorted(had_by(guardian.id, children), key=lambda line: (_day(line), line.option.position))
    return [History(child, [line for line in found if line.participant_id == child.id]) for child in children.values()]


def _day(line: Registration) -> date:
    return line.option.starts_on or line.option.offering.starts_on or _NO_DAY
