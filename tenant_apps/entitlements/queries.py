"""Reads what families asked for and were granted. What belongs to another household does not exist here."""

from collections.abc import Iterable, Mapping
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
    wanted = list(participants)
    if not wanted:
        return Household()
    family = family_of(guardian_id, wanted, at=at, zone=zone)
    return Household({each.id: _circumstances(each, family) for each in wanted})


def family_of(guardian_id: UUID | None, participants: Iterable[Participant], *, at: datetime, zone: ZoneInfo) -> Family:
    guardian = _guardian(guardian_id)
    answers = guardian.household.answers if guardian and guardian.household else {}
    return Family(_holdings(guardian, participants, at, zone), answers, prices().residence)


def holdings_of(
    guardian_id: UUID | None, participants: Iterable[Participant], *, at: datetime, zone: ZoneInfo
) -> Holdings:
    """All that the household asked for, and what was granted to the participants for their own sake: two queries."""
    return _holdings(_guardian(guardian_id), participants, at, zone)


def of_household(guardian: Guardian) -> QuerySet[Entitlement]:
    """The guardian's own requests, and those of who lives with them."""
    return Entitlement.objects.filter(_of(guardian))


def prices() -> Prices:
    return rules.read(organisation.profile().rules).prices


def _guardian(guardian_id: UUID | None) -> Guardian | None:
    return Guardian.objects.select_related("household").filter(id=guardian_id).first() if guardian_id else None


def _holdings(guardian: Guardian | None, participants: Iterable[Participant], at: datetime, zone: ZoneInfo) -> Holdings:
    """The sealed words are left where they are."""
    people = [participant.id for participant in participants]
    wanted = Q(kind__in=_OF_THE_CHILD, participant_id__in=people, status=Status.GRANTED)
    if guardian is not None:
        wanted |= _of(guardian)
    return Holdings(tuple(Entitlement.objects.filter(wanted).defer("sealed")), clock.local_date(at, zone))


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
