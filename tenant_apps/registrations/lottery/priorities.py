"""Who comes first in a draw: the opening's groups, by the same rules as conditions are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.catalog.rules.kind import Case, Circle, Rule, kind_of
from tenant_apps.catalog.rules.own_words import OwnWords
from tenant_apps.registrations.lottery.reading import Wish


def priorities_of(
    wishes: Sequence[Wish], groups: Sequence[Mapping[str, Any]], *, at: datetime, zone: ZoneInfo
) -> dict[UUID, int]:
    """By wish, the number of the first group that all who are to be had together belong to; the last is everybody."""
    last = len(groups)
    if not groups:
        return {wish.group: last for wish in wishes}
    found = {}
    ordered = sorted(wishes, key=lambda wish: str(wish.guardian.id))
    for guardian_id, own in groupby(ordered, key=lambda wish: wish.guardian.id):
        mine = list(own)
        known = _known(guardian_id, mine, groups, at, zone)
        for wish in mine:
            first = (number for number, group in enumerate(groups) if _is_in(wish, group["rules"], known, at, zone))
            found[wish.group] = next(first, last)
    return found


def _known(
    guardian_id: UUID, wishes: Sequence[Wish], groups: Sequence[Mapping[str, Any]], at: datetime, zone: ZoneInfo
) -> dict[str, Any]:
    people = {key: each for wish in wishes for key, each in wish.participants.items()}
    circle = Circle(list(people.values()), guardian_id, at, zone)
    by_kind: dict[str, list[Rule]] = {}
    for group in groups:
        for rule in group["rules"]:
            by_kind.setdefault(rule["kind"], []).append(rule)
    return {key: kind_of(rules[0]).gather(rules, circle) for key, rules in by_kind.items()}


def _is_in(wish: Wish, rules: Sequence[Rule], known: Mapping[str, Any], at: datetime, zone: ZoneInfo) -> bool:
    words, first = OwnWords(), next(wish.lines)
    cases = [
        Case(first.option.offering, first.option, participant, at, zone, words)
        for participant in wish.participants.values()
    ]
    return not any(kind_of(rule).judge(rule, case, known[rule["kind"]]) for rule in rules for case in cases)
