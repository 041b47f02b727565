"""Who comes first in a draw: the opening's groups, by the same rules as conditions are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
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
    by_guardian: dict[UUID, list[Wish]] = {}
    for wish in wishes:
        by_guardian.setdefault(wish.guardian.id, []).append(wish)
    circles = [
        Circle(list({key: each for wish in own for key, each in wish.participants.items()}.values()), who, at, zone)
        for who, own in by_guardian.items()
    ]
    found = {}
    for own, known in zip(by_guardian.values(), _known(groups, circles), strict=True):
        for wish in own:
            first = (number for number, group in enumerate(groups) if _is_in(wish, group["rules"], known, at, zone))
            found[wish.group] = next(first, last)
    return found


def told(groups: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The groups with their rules, as data and in sentences: whoever changes a rule changes what everybody reads."""
    return [
        {
            "name": group.get("name", ""),
            "rules": list(group["rules"]),
            "sentences": [kind_of(rule).explain(rule) for rule in group["rules"]],
        }
        for group in groups
    ]


def _known(groups: Sequence[Mapping[str, Any]], circles: Sequence[Circle]) -> list[dict[str, Any]]:
    """For each family, by kind; each kind is asked once for everybody."""
    if not circles:
        return []
    by_kind: dict[str, list[Rule]] = {}
    for group in groups:
        for rule in group["rules"]:
            by_kind.setdefault(rule["kind"], []).append(rule)
    each_of = {key: kind_of(rules[0]).gather_each(rules, circles) for key, rules in by_kind.items()}
    return [{key: each[number] for key, each in each_of.items()} for number in range(len(circles))]


def _is_in(wish: Wish, rules: Sequence[Rule], known: Mapping[str, Any], at: datetime, zone: ZoneInfo) -> bool:
    words, first = OwnWords(), next(wish.lines)
    cases = [
        Case(first.option.offering, first.option, participant, at, zone, words)
        for participant in wish.participants.values()
    ]
    return not any(kind_of(rule).judge(rule, case, known[rule["kind"]]) for rule in rules for case in cases)
