"""May this participant take this now, and if not, why and when: the one answer for page, button, clerk and refusal."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects

from kernel.registry import Registry
from tenant_apps.catalog import links, timing, windows
from tenant_apps.catalog.beside import read_along
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Reason
from tenant_apps.catalog.rules import establishment, level
from tenant_apps.catalog.rules.kind import IMPLIED, KINDS, Case, Circle, Rule, kind_of
from tenant_apps.catalog.rules.own_words import OwnWords
from tenant_apps.families.models import Participant
from tenant_apps.families.standing import Standing, standings_of
from tenant_apps.openings import queries as openings

# Who need not wait for the opening: (participant, offering, option) of those whom staff let in beforehand; no option is
# all of them.
Early = Collection[tuple[UUID, UUID, UUID | None]]
EARLY: Registry[Callable[[Sequence[Offering], Circle], Early]] = Registry("list of who registers before the opening")


@dataclass(frozen=True)
class Eligibility:
    """What is known of some offerings and participants, read once; asked as often as wanted.

    Every answer lists all the reasons, and is empty where there is none. Without a participant it says what holds for
    everybody.
    """

    at: datetime
    zone: ZoneInfo
    participants: Sequence[Participant] = ()
    offerings: Mapping[UUID, Offering] = field(default_factory=dict)
    standings: Mapping[UUID, Standing] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    words: OwnWords = field(default_factory=OwnWords)
    early: Early = frozenset()
    # The openings in which it is the turn of who asks.
    passes: Collection[UUID] = frozenset()

    @classmethod
    def of(
        cls,
        offerings: Iterable[Offering],
        participants: Iterable[Participant],
        *,
        guardian_id: UUID | None,
        at: datetime,
        zone: ZoneInfo,
        replacing: Collection[UUID] = (),
    ) -> Self:
        """In a number of queries that grows with the kinds of rules alone.

        `guardian_id` is who asks, or None for nobody in particular; `replacing` are the registrations that would be
        given up for what is asked.
        """
        asked, people = list(offerings), list(participants)
        read_along(asked, "levels", "options")
        read_along([each for each in asked if each.reserved_to_establishments], "establishments")
        prefetch_related_objects(asked, "season", "category")
        prefetch_related_objects([offering for offering in asked if offering.opening_id], "opening")
        circle = Circle(people, guardian_id, at, zone, replacing)
        return cls(
            at=at,
            zone=zone,
            participants=people,
            offerings={offering.id: offering for offering in asked},
            standings=standings_of(guardian_id) if guardian_id and people else {},
            known=_gathered(asked, circle) if people else {},
            early=_early(asked, circle) if people else frozenset(),
            passes=_passes(asked, guardian_id, at) if guardian_id else frozenset(),
        )

    def of_offering(self, offering: Offering, participant: Participant | None) -> list[Reason]:
        """The time, the link, the level, the establishment and the requirements of the offering as a whole."""
        return self._of_offering(offering, participant, None)

    def _of_offering(self, offering: Offering, participant: Participant | None, option: Option | None) -> list[Reason]:
        bounds = timing.of_bounds(offering, at=self.at, zone=self.zone)
        if participant is None:
            is_early = bool(self._early_in(offering, None))
            return bounds if is_early else self._of_time(offering)
        early = self._early_in(offering, participant)
        is_early = bool(early) if option is None else not early.isdisjoint({None, option.id})
        return [
            *bounds,
            *([] if is_early else self._of_window(offering, participant, option)),
            *links.of_link(self.standings.get(participant.id)),
            *_of_lists(offering, participant, self.words),
            *self._unmet(_of_the_whole(offering), offering, None, participant),
        ]

    def of_option(self, option: Option, participant: Participant | None) -> list[Reason]:
        """What stands against one option while the others may still be taken."""
        offering = self._offering_of(option)
        found = [*self._not_early(option, participant), *timing.of_option(option, at=self.at, zone=self.zone)]
        if participant is None:
            return found
        return [
            *found,
            *links.of_turn(option, offering, self.standings.get(participant.id)),
            *self._unmet([*_of_each(offering), *option.requirements], offering, option, participant),
        ]

    def against(self, option: Option, participant: Participant | None) -> list[Reason]:
        """Both: what is to be refused when the option is asked for."""
        own = self._of_offering(self._offering_of(option), participant, option)
        return _once([*own, *self.of_option(option, participant)])

    def of_all(self, offering: Offering, participant: Participant | None) -> list[Reason]:
        """What stands against the offering whatever is chosen: its own reasons, and those that every option gives.

        What nobody can mend comes first: to be told to ask, then that one is too old, is to have asked for nothing.
        """
        each = [self.of_option(option, participant) for option in offering.options.all()]
        shared = set.intersection(*({reason.code for reason in found} for found in each)) if each else set()
        own = self.of_offering(offering, participant)
        found = [*own, *(reason for found in each[-1:] for reason in found if reason.code in shared)]
        return sorted(found, key=lambda reason: reason.action is not None)

    def _offering_of(self, option: Option) -> Offering:
        return self.offerings.get(option.offering_id) or option.offering

    def _early_in(self, offering: Offering, participant: Participant | None) -> set[UUID | None]:
        """What the participant, or anybody, need not wait for."""
        return {
            option_id
            for participant_id, offering_id, option_id in self.early
            if offering_id == offering.id and (participant is None or participant_id == participant.id)
        }

    def _not_early(self, option: Option, participant: Participant | None) -> list[Reason]:
        """Where only another option is open beforehand, this one awaits the opening still."""
        offering = self._offering_of(option)
        early = self._early_in(offering, participant)
        if not early or not early.isdisjoint({None, option.id}):
            return []
        if participant is not None:
            return self._of_window(offering, participant, option)
        return self._of_time(offering)

    def _of_time(self, offering: Offering) -> list[Reason]:
        """For everybody who has the same turn."""
        return timing.of_offering(offering, at=self.at, zone=self.zone, has_pass=self._has_pass(offering))

    def _has_pass(self, offering: Offering) -> bool:
        return offering.opening_id in self.passes

    def _of_window(self, offering: Offering, participant: Participant, option: Option | None) -> list[Reason]:
        if found := timing.of_turn(offering, at=self.at, zone=self.zone, has_pass=self._has_pass(offering)):
            return found
        every = windows.windows_of(offering)
        if not every:
            return timing.of_opening(offering, at=self.at, zone=self.zone)
        mine = [window for window in every if self._is_mine(window, offering, participant, option)]
        return windows.against(every, mine, at=self.at, zone=self.zone)

    def _is_mine(
        self, window: windows.Window, offering: Offering, participant: Participant, option: Option | None
    ) -> bool:
        """A period is for whoever meets its rules, whatever is chosen: `option` is only what does not count itself."""
        counting = [rule for rule in window.rules if kind_of(rule).counts]
        others = [rule for rule in window.rules if not kind_of(rule).counts]
        return not (
            self._unmet(others, offering, None, participant) or self._unmet(counting, offering, option, participant)
        )

    def _unmet(
        self, rules: Sequence[Rule], offering: Offering, option: Option | None, participant: Participant
    ) -> list[Reason]:
        case = Case(offering, option, participant, self.at, self.zone, self.words)
        found = (kind_of(rule).judge(rule, case, self.known.get(rule["kind"])) for rule in rules)
        return _once([reason for reason in found if reason is not None])


def rules_of(offering: Offering) -> Iterator[Rule]:
    """All that it asks anywhere: of whoever takes it, by its selection, of the audiences of its periods, by option."""
    yield from offering.requirements
    yield from _implied(offering)
    yield from _of_windows(offering)
    for option in offering.options.all():
        yield from option.requirements


def counts(offering: Offering, option: Option) -> bool:
    """Whether what the family has already is counted, so that two registrations must be judged one after the other."""
    rules = (*offering.requirements, *_implied(offering), *option.requirements, *_of_windows(offering))
    return any(kind_of(rule).counts for rule in rules)


def _gathered(offerings: Sequence[Offering], circle: Circle) -> dict[str, Any]:
    by_kind: dict[str, list[Rule]] = {}
    for offering in offerings:
        for rule in rules_of(offering):
            by_kind.setdefault(rule["kind"], []).append(rule)
    return {key: kind_of(rules[0]).gather(rules, circle) for key, rules in by_kind.items()}


def _early(offerings: Sequence[Offering], circle: Circle) -> Early:
    return frozenset(pair for _name, list_early in EARLY for pair in list_early(offerings, circle))


def _passes(offerings: Sequence[Offering], guardian_id: UUID, at: datetime) -> set[UUID]:
    """In one query, and in none where nobody takes a turn."""
    asked = {offering.opening_id for offering in offerings if offering.opening_id}
    return openings.passes(guardian_id, asked, at=at) if asked else set()


def _of_the_whole(offering: Offering) -> list[Rule]:
    return [rule for rule in offering.requirements if not KINDS[rule["kind"]].is_of_option(rule)]


def _of_each(offering: Offering) -> list[Rule]:
    return [*(rule for rule in offering.requirements if KINDS[rule["kind"]].is_of_option(rule)), *_implied(offering)]


def _implied(offering: Offering) -> list[Rule]:
    return [{"kind": offering.selection}] if IMPLIED.get(offering.selection) else []


def _of_windows(offering: Offering) -> list[Rule]:
    return [rule for window in offering.windows for rule in window.get("for", ())]


def _once(reasons: list[Reason]) -> list[Reason]:
    """What the offering and its option both ask is said once."""
    return [reason for place, reason in enumerate(reasons) if reason not in reasons[:place]]


def _of_lists(offering: Offering, participant: Participant, words: OwnWords) -> list[Reason]:
    """The levels and establishments that the catalogue is filtered by, where they are conditions too (S1-28)."""
    levels = list(offering.levels.all())
    places = list(offering.establishments.all()) if offering.reserved_to_establishments else []
    found = [
        level.against(levels, participant, words) if levels else None,
        establishment.against(places, participant, words) if places else None,
    ]
    return [reason for reason in found if reason is not None]
