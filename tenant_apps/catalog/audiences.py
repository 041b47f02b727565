"""What a member's list leaves out: what is for others, whatever the family does (S2-07)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.entries import Entry
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.catalog.rules import establishment, level
from tenant_apps.catalog.rules.own_words import OwnWords
from tenant_apps.catalog.shelf import Shelf
from tenant_apps.families.models import Participant
from tenant_apps.organisation.models import Establishment, Level

FOR_OTHERS = frozenset({Code.WRONG_LEVEL, Code.WRONG_ESTABLISHMENT, Code.TOO_YOUNG, Code.TOO_OLD, Code.WRONG_AUDIENCE})


def is_for_others(reasons: Iterable[Reason]) -> bool:
    return any(reason.code in FOR_OTHERS and reason.action is None for reason in reasons)


def mendable(reasons: Sequence[Reason]) -> Sequence[Reason]:
    """Those whose way forward is worth showing: none where something stands that nobody can mend."""
    return () if is_for_others(reasons) else reasons


def for_others(
    entries: Sequence[Entry],
    participant: Participant,
    *,
    levels: Iterable[Level],
    establishments: Iterable[Establishment],
    guardian_id: UUID | None,
    at: datetime,
    zone: ZoneInfo,
    shelf: Shelf | None = None,
) -> set[UUID]:
    """The offerings that are not for this participant. Only those with rules beyond the lists are read whole."""
    words = OwnWords()
    grades, places = {each.code: each for each in levels}, {each.code: each for each in establishments}
    found = {
        entry.id
        for entry in entries
        if _is_off_the_lists(
            participant,
            [grades[code] for code in entry.levels],
            [places[code] for code in entry.establishments] if entry.is_reserved else [],
            words,
        )
    }
    ruled = frozenset(each.id for each in entries if each.has_rules)
    offerings = (shelf or Shelf()).get(("ruled", ruled), lambda: _read(ruled))
    left = [each for each in offerings if each.id not in found]
    return found | _by_rules(left, participant, guardian_id, at, zone)


def _read(ids: Collection[UUID]) -> list[Offering]:
    rows = Offering.objects.filter(pk__in=ids).order_by().select_related("season", "category")
    return list(rows.prefetch_related("levels", "establishments", "options"))


def _is_off_the_lists(
    participant: Participant, levels: Sequence[Level], establishments: Sequence[Establishment], words: OwnWords
) -> bool:
    against = [
        level.against(levels, participant, words) if levels else None,
        establishment.against(establishments, participant, words) if establishments else None,
    ]
    return is_for_others(reason for reason in against if reason)


def _by_rules(
    offerings: Sequence[Offering], participant: Participant, guardian_id: UUID | None, at: datetime, zone: ZoneInfo
) -> set[UUID]:
    if not offerings:
        return set()
    known = Eligibility.of(offerings, [participant], guardian_id=guardian_id, at=at, zone=zone)
    return {each.id for each in offerings if is_for_others(known.of_all(each, participant))}
