"""What a child or a family may have at most, as counters that a draw counts down like places.

The rules are those of the evaluator, and so is their judgement; a draw of thousands cannot ask it again for each wish.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.rules.kind import IMPLIED, Case, Rule, kind_of
from tenant_apps.catalog.rules.own_words import OwnWords
from tenant_apps.registrations.lottery.reading import Choice, Wish
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.rules import limits
from tenant_apps.registrations.rules.taken import Facts


@dataclass
class Counters:
    """`free` by the name of each counter; `used` by choice: how much of which counters it takes."""

    free: dict[str, int] = field(default_factory=dict)
    used: dict[UUID, Counter[str]] = field(default_factory=dict)

    def add(self, free: int, uses: Mapping[UUID, int], *, most: int) -> None:
        """`most` is what could be used at all: a counter that cannot run out says nothing."""
        if most <= free:
            return
        name = f"limit-{len(self.free) + 1}"
        self.free[name] = max(free, 0)
        for request_id, number in uses.items():
            self.used.setdefault(request_id, Counter())[name] = number


@dataclass(frozen=True, slots=True)
class _Line:
    """`rules`: those that count; one list for all that wish for the option."""

    wish: Wish
    choice: Choice
    row: Registration
    rules: Sequence[Rule]


def counters_of(
    wishes: Sequence[Wish],
    *,
    of_participants: Mapping[UUID, Sequence[Registration]],
    of_families: Mapping[UUID, Sequence[Registration]],
    at: datetime,
    zone: ZoneInfo,
) -> Counters:
    """`of_participants` and `of_families`: what each has already, with its option and offering loaded."""
    found = Counters()
    options = {row.option_id: row for wish in wishes for row in wish.lines}
    rules = {option_id: _counting(row) for option_id, row in options.items()}
    lines = [
        _Line(wish, choice, row, rules[row.option_id])
        for wish in wishes
        for choice in wish.choices
        for row in choice.lines
    ]
    exclusive = _Exclusive(at, zone)
    for participant_id, own in _by(lines, lambda line: line.row.participant_id).items():
        exclusive.count(found, own, of_participants.get(participant_id, ()))
        _at_most(found, own, of_participants.get(participant_id, ()), limits.ChildLimit.key)
    for family, own in _by(lines, lambda line: line.wish.family).items():
        _at_most(found, own, of_families.get(family, ()), limits.FamilyLimit.key)
    return found


class _Exclusive:
    """Which options exclude each other for one child, as the evaluator has it; each pair is judged once."""

    def __init__(self, at: datetime, zone: ZoneInfo) -> None:
        self._at, self._zone, self._words = at, zone, OwnWords()
        self._known: dict[tuple[UUID, UUID], bool] = {}

    def count(self, found: Counters, own: Sequence[_Line], taken: Sequence[Registration]) -> None:
        """One per week, or not two at the same time: of two that exclude each other, one is had at most."""
        asking = [line for line in own if not all(map(_is_limit, line.rules))]
        if not asking:
            return
        for line in asking:
            if any(self._excludes(line, each) for each in taken):
                found.add(0, {line.choice.request.id: 1}, most=1)
        for one, other in combinations(own, 2):
            if one.wish.group != other.wish.group and self._apart(one, other):
                found.add(1, {one.choice.request.id: 1, other.choice.request.id: 1}, most=2)

    def _apart(self, one: _Line, other: _Line) -> bool:
        return self._excludes(one, other.row) or self._excludes(other, one.row)

    def _excludes(self, line: _Line, taken: Registration) -> bool:
        row, key = line.row, (line.row.option_id, taken.option_id)
        if key not in self._known:
            case = Case(row.option.offering, row.option, row.participant, self._at, self._zone, self._words)
            facts = Facts([taken])
            rules = [rule for rule in line.rules if not _is_limit(rule)]
            self._known[key] = any(kind_of(rule).judge(rule, case, facts) for rule in rules)
        return self._known[key]


def _at_most(found: Counters, own: Sequence[_Line], taken: Sequence[Registration], key: str) -> None:
    """So many within an activity, a category or a season, less what is had already."""
    for rule, asking in _limits_of(own, key):
        offering = asking.option.offering
        scope, _where = limits.scope_of(rule, offering)
        within = [line for line in own if limits.is_within(scope, line.row.option.offering, offering)]
        had = sum(limits.is_within(scope, row.option.offering, offering) for row in taken)
        uses = Counter(line.choice.request.id for line in within)
        most_of = {line.wish.group: max(uses[choice.request.id] for choice in line.wish.choices) for line in within}
        found.add(rule["maximum"] - had, uses, most=sum(most_of.values()))


def _limits_of(own: Sequence[_Line], key: str) -> Iterator[tuple[Rule, Registration]]:
    """Each limit once: several options of one offering ask the same."""
    known = set()
    for line in own:
        for rule in line.rules:
            if rule["kind"] != key:
                continue
            scope, _where = limits.scope_of(rule, line.row.option.offering)
            same = (scope, _place_of(scope, line.row.option.offering), rule["maximum"])
            if same not in known:
                known.add(same)
                yield rule, line.row


def _counting(row: Registration) -> list[Rule]:
    offering = row.option.offering
    implied: list[Rule] = [{"kind": offering.selection}] if IMPLIED.get(offering.selection) else []
    every = [*offering.requirements, *implied, *row.option.requirements]
    return [rule for rule in every if kind_of(rule).counts]


def _place_of(scope: str, offering: Offering) -> UUID | None:
    """Which activity, category or season counts."""
    if scope == limits.CATEGORY:
        return offering.category_id
    return offering.season_id if scope == limits.SEASON else offering.id


def _is_limit(rule: Rule) -> bool:
    return rule["kind"] in (limits.ChildLimit.key, limits.FamilyLimit.key)


def _by(lines: Iterable[_Line], key: Callable[[_Line], Any]) -> dict[Any, list[_Line]]:
    found: dict[Any, list[_Line]] = {}
    for line in lines:
        found.setdefault(key(line), []).append(line)
    return found
