"""Prepares an opening: when it is, how turns are taken there, and how fast families are let in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.database import lock_one, unique
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.openings import errors
from tenant_apps.openings.models import Mode, Opening
from tenant_apps.openings.terms import Terms, terms_of

# What families relied on when they came: not for changing once the turns are drawn.
_FIXED_ONCE_DRAWN = ("mode", "gathers_from", "opens_at")
# In the terms of a queue that was stopped: how fast it was.
_BEFORE_PAUSE = "before_pause"


@operation
def add_opening(*, columns: Mapping[str, Any], actor: Actor, at: datetime) -> Opening:
    """Raises OpeningTaken."""
    with unique(errors.OpeningTaken):
        opening = Opening.objects.create(**columns)
    _record("opening.created", opening, {}, actor, at)
    return opening


@operation
def change_opening(*, opening_id: UUID, columns: Mapping[str, Any], actor: Actor, at: datetime) -> Opening:
    """Of the terms, those that are not said stay as they are.

    Raises OpeningTaken, DrawUnderWay, and AlreadyDrawn or WishesClosed for what families rely on.
    """
    # Before the lock: a draw of thousands keeps the row for its whole length.
    if Opening.objects.filter(pk=opening_id, drawn_at=None).exclude(draw_asked_at=None).exists():
        raise errors.DrawUnderWay
    opening = lock_one(Opening.objects.filter(pk=opening_id))
    wanted = {**columns, "terms": {**opening.terms, **columns.get("terms", {})}}
    before = {name: getattr(opening, name) for name in wanted}
    changed = [name for name, value in wanted.items() if before[name] != value]
    _refuse_broken_promises(opening, wanted, changed, at)
    for name in changed:
        setattr(opening, name, wanted[name])
    with unique(errors.OpeningTaken):
        opening.save(update_fields=changed)
    if changed:
        _record("opening.changed", opening, {name: [before[name], wanted[name]] for name in changed}, actor, at)
    return opening


@operation
def set_pace(*, opening_id: UUID, most_per_second: float, actor: Actor, at: datetime) -> Opening:
    """How many families are called a second, at most, from now on; those already called are let in all the same."""
    opening = lock_one(Opening.objects.filter(pk=opening_id))
    kept = {name: value for name, value in opening.terms.items() if name != _BEFORE_PAUSE}
    return _paced(opening, {**kept, "most_per_second": most_per_second}, actor, at)


@operation
def pause(*, opening_id: UUID, actor: Actor, at: datetime) -> Opening:
    """Nobody is called until `resume`. Pausing twice is pausing once."""
    opening = lock_one(Opening.objects.filter(pk=opening_id))
    if is_paused(opening):
        return opening
    before = terms_of(opening).most_per_second
    return _paced(opening, {**opening.terms, "most_per_second": 0, _BEFORE_PAUSE: before}, actor, at)


@operation
def resume(*, opening_id: UUID, actor: Actor, at: datetime) -> Opening:
    """As fast as before the pause."""
    opening = lock_one(Opening.objects.filter(pk=opening_id))
    if not is_paused(opening):
        return opening
    terms = {**opening.terms, "most_per_second": opening.terms.get(_BEFORE_PAUSE, Terms().most_per_second)}
    terms.pop(_BEFORE_PAUSE, None)
    return _paced(opening, terms, actor, at)


def is_paused(opening: Opening) -> bool:
    return terms_of(opening).most_per_second == 0


def _refuse_broken_promises(opening: Opening, wanted: Mapping[str, Any], changed: Sequence[str], at: datetime) -> None:
    """Who comes first in a draw is said before anybody can read what families wished for."""
    is_moved = any(name in _FIXED_ONCE_DRAWN for name in changed)
    if opening.drawn_at and is_moved:
        raise errors.AlreadyDrawn
    if opening.mode == Mode.LOTTERY and at >= opening.opens_at:
        first, others = opening.terms.get("priorities", []), wanted["terms"].get("priorities", [])
        if is_moved or first != others:
            raise errors.WishesClosed


def _paced(opening: Opening, terms: dict[str, Any], actor: Actor, at: datetime) -> Opening:
    before, opening.terms = opening.terms, terms
    if before != terms:
        opening.save(update_fields=["terms"])
        _record("opening.paced", opening, {"terms": [before, terms]}, actor, at)
    return opening


def _record(action: str, opening: Opening, changes: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    told = {name: [_plain(value) for value in pair] for name, pair in changes.items()}
    details = {"name": opening.name, "changes": told}
    audit.record(action=action, subject="opening", subject_id=opening.id, actor=actor, at=at, details=details)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
