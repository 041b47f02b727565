"""How a waiting room moves on, in this process's memory: at most a second old, so that who waits may ask as they like.

Nothing here decides anything: positions and calls are the database's. While it cannot be reached, everybody waits.
"""

import random
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Q

from tenant_apps.openings.models import Opening, Ticket

FRESH_SECONDS = 1.0
# While one request reads the database anew, the others are told what was known, for so long.
STALE_SECONDS = 10.0
_MOST_ROOMS = 200
_HISTORY_SECONDS = 90.0
# How long a page waits before it asks again.
_SHORTEST, _LONGEST, _BEFORE = 2.0, 90.0, 240.0
# Everybody who waits for the instant asks within so many seconds after it.
_SPREAD = 8.0


@dataclass
class Room:
    """One opening as it was last read; `positions` by ticket, None for one that is not drawn yet."""

    opening: Opening
    read_at: float
    positions: dict[UUID, int | None] = field(default_factory=dict)
    history: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=120))
    asked_at: float = 0.0

    def must_be_read(self) -> bool:
        """True for one request a second, which reads it anew while the others are answered from here."""
        now = time.monotonic()
        if now - self.read_at <= FRESH_SECONDS:
            return False
        if now - self.read_at > STALE_SECONDS or now - self.asked_at > FRESH_SECONDS:
            self.asked_at = now
            return True
        return False

    def per_second(self) -> float:
        """As families were really called of late, or as the pace says where that is not known yet."""
        if len(self.history) < 2 or self.history[-1][0] - self.history[0][0] < 10:
            return self.opening.rate
        (began, first), (ended, last) = self.history[0], self.history[-1]
        return (last - first) / (ended - began)


_ROOMS: dict[tuple[str, UUID], Room] = {}


def room(host: str, opening_id: UUID) -> Room | None:
    """What this process knows, by the host that was asked: a host is one organisation's."""
    return _ROOMS.get(_key(host, opening_id))


def remember(host: str, opening: Opening) -> Room:
    """Keep the opening as it was just read; the first time and at the draw, everybody's position with it."""
    key = _key(host, opening.id)
    known = _ROOMS.get(key)
    if known is None:
        if len(_ROOMS) >= _MOST_ROOMS:
            del _ROOMS[min(_ROOMS, key=lambda each: _ROOMS[each].read_at)]
        known = _ROOMS[key] = Room(opening, 0.0, _positions(opening))
    elif opening.drawn_at and known.opening.drawn_at is None:
        known.positions = _positions(opening)
    known.opening, known.read_at = opening, time.monotonic()
    _note(known)
    return known


def _key(host: str, opening_id: UUID) -> tuple[str, UUID]:
    """Whatever the port that it was written with, a host is one organisation's."""
    return host.partition(":")[0].lower(), opening_id


def _positions(opening: Opening) -> dict[UUID, int | None]:
    """Of everybody who was not called yet; who joins later is read one by one."""
    awaited = Q(position=None, is_given_up=False) | Q(position__gt=opening.admitted)
    return dict(Ticket.objects.filter(awaited, opening=opening).values_list("id", "position"))


def forget() -> None:
    _ROOMS.clear()


def told(room: Room, position: int | None, *, at: datetime) -> Mapping[str, Any]:
    """What the page of one family is told. `wait`: in how many seconds to ask again; none where nothing changes."""
    opening = room.opening
    if opening.ended_at and opening.ended_at <= at:
        return {"state": "over"}
    if position is None:
        left = (opening.opens_at - at).total_seconds()
        return {"state": "gathering", "left": max(0, ceil(left)), "wait": _until(left)}
    if position <= opening.admitted:
        return {"state": "called"}
    ahead = position - opening.admitted - 1
    low, high = _minutes(ahead, room.per_second())
    return {
        "state": "waiting",
        "position": position,
        "ahead": ahead,
        "low": low,
        "high": high,
        "wait": _jittered(min(max((ahead + 1) / max(opening.rate, 0.5) / 2, _SHORTEST), _LONGEST)),
    }


def _minutes(ahead: int, per_second: float) -> tuple[int | None, int | None]:
    """Between so many minutes and so many; unknown while nobody is called."""
    if per_second <= 0:
        return None, None
    minutes = (ahead + 1) / per_second / 60
    return int(minutes * 0.7), ceil(minutes * 1.5)


def _until(left: float) -> float:
    return round(min(max(left, 0), _BEFORE) + random.uniform(0, _SPREAD), 1)  # noqa: S311


def _jittered(seconds: float) -> float:
    return round(seconds * random.uniform(0.8, 1.2), 1)  # noqa: S311


def _note(room: Room) -> None:
    now = time.monotonic()
    room.history.append((now, room.opening.admitted))
    while room.history and now - room.history[0][0] > _HISTORY_SECONDS:
        room.history.popleft()
