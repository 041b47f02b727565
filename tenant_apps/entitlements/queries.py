"""Reads what families asked for and were granted. What belongs to another household does not exist here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from kernel import clock
from tenant_apps.catalog.pricing.circumstances import Circumstances, Household
from tenant_apps.entitlements import residence
from tenant_apps.entitlements.holding import Holdings
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation import rules
from tenant_apps.organisation.prices import Prices, Residence

# What is granted for the child's own sake, whoever of the parents asked for it.
_OF_THE_CHILD = (Kind.APPROVAL, Kind.SUPPORT)

# Who asks, None being nobody in particular, and for whom.
Asking = tuple[UUID | None, Sequence[Participant]]


@dataclass(frozen=True, slots=True)
class Family:
    """What is known of one household, read at once."""

    holdings: Holdings = field(default_factory=Holdings)
    answers: Mapping[str, Any] = field(default_factory=dict)
    rule: Residence = field(default_factory=Residence)

    def residence_of(self, participant: Participant) -> str:
        return residence.category(
            said_by_staff=participant.price_category,
            proven=self.holdings.key(Kind.RESIDENCE, participant.id),
            answers=self.answers,
            rule=self.rule,
        )


def household_of(
    guardian_id: UUID | None, participants: Iterable[Participant], *, at: datetime, zone: ZoneInfo
) -> Household:
    """What prices and rules ask of the participants, as this guardian's household has them: three queries at most.

    A separated parent's proof is their own: the same child may be a resident with one and not with the other.
    """
    return households_of([(guardian_id, list(participants))], at=at, zone=zone)[0]


def households_of(asking: Sequence[Asking], *, at: datetime, zone: ZoneInfo) -> list[Household]:
    """As `household_of` for each, by three queries for all."""
    if not any(participants for _guardian_id, participants in asking):
        return [Household()] * len(asking)
    return [
        Household({each.id: _circumstances(each, family) for each in participants})
        for (_guardian_id, participants), family in zip(asking, families_of(asking, at=at, zone=zone), strict=True)
    ]


def family_of(guardian_id: UUID | None, participants: Iterable[Participant], *, at: datetime, zone: ZoneInfo) -> Family:
    return families_of([(guardian_id, list(participants))], at=at, zone=zone)[0]


def families_of(asking: Sequence[Asking], *, at: datetime, zone: ZoneInfo) -> list[Family]:
    """As `family_of` for each, by three queries for all."""
    guardians, rule = _guardians(asking), prices().residence
    return [
        Family(holdings, _answers(guardians.get(guardian_id)), rule)
        for (guardian_id, _participants), holdings in zip(asking, _holdings(asking, guardians, at, zone), strict=True)
    ]


def holdings_of(
    guardian_id: UUID | None, participants: Iterable[Participant], *, at: datetime, zone: ZoneInfo
) -> Holdings:
    """All that the household asked for, and what was granted to the participants for their own sake: two queries."""
    return holdings_of_each([(guardian_id, list(participants))], at=at, zone=zone)[0]


def holdings_of_each(asking: Sequence[Asking], *, at: datetime, zone: ZoneInfo) -> list[Holdings]:
    """As `holdings_of` for each, by two queries for all."""
    return _holdings(asking, _guardians(asking), at, zone)


def of_household(guardian: Guardian) -> QuerySet[Entitlement]:
    """The guardian's own requests, and those of who lives with them."""
    return Entitlement.objects.filter(_of(guardian))


def prices() -> Prices:
    return rules.read(organisation.profile().rules).prices


def _guardians(asking: Sequence[Asking]) -> dict[UUID | None, Guardian]:
    ids = {guardian_id for guardian_id, _participants in asking if guardian_id}
    found = Guardian.objects.select_related("household").filter(id__in=ids) if ids else ()
    return {each.id: each for each in found}


def _answers(guardian: Guardian | None) -> Mapping[str, Any]:
    return guardian.household.answers if guardian and guardian.household else {}


def _holdings(
    asking: Sequence[Asking], guardians: Mapping[UUID | None, Guardian], at: datetime, zone: ZoneInfo
) -> list[Holdings]:
    """The sealed words are left where they are."""
    people = {each.id for _guardian_id, participants in asking for each in participants}
    homes = {each.household_id for each in guardians.values() if each.household_id}
    wanted = Q(kind__in=_OF_THE_CHILD, status=Status.GRANTED, participant_id__in=people)
    if guardians:
        wanted |= Q(guardian_id__in=guardians)
    if homes:
        wanted |= Q(guardian__household_id__in=homes)
    of_home: dict[UUID, list[Entitlement]] = {}
    of_child: dict[UUID, list[Entitlement]] = {}
    for each in Entitlement.objects.filter(wanted).select_related("guardian").defer("sealed"):
        of_home.setdefault(each.guardian.family_id, []).append(each)
        if each.participant_id and each.kind in _OF_THE_CHILD and each.status == Status.GRANTED:
            of_child.setdefault(each.participant_id, []).append(each)
    on = clock.local_date(at, zone)
    found = []
    for guardian_id, participants in asking:
        guardian = guardians.get(guardian_id)
        own = of_home.get(guardian.family_id, []) if guardian else []
        theirs = (each for participant in participants for each in of_child.get(participant.id, ()))
        found.append(Holdings(tuple({each.id: each for each in (*own, *theirs)}.values()), on))
    return found


def _of(guardian: Guardian) -> Q:
    mine = Q(guardian_id=guardian.id)
    if guardian.household_id is not None:
        mine |= Q(guardian__household_id=guardian.household_id)
    return mine


def _circumstances(participant: Participant, family: Family) -> Circumstances:
    holdings = family.holdings
    return Circumstances(
        residence=family.residence_of(participant),
        income_band=holdings.key(Kind.INCOME, participant.id),
        subsidies=frozenset(each.key for each in holdings.held(Kind.SUBSIDY, participant.id)),
        has_support=bool(holdings.held(Kind.SUPPORT, participant.id)),
        birth_date=participant.birth_date,
    )
