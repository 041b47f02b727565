"""Reads what families asked for and were granted. What belongs to another household does not exist here."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from kernel import clock
from tenant_apps.catalog.pricing.circumstances import Circumstances, Household
from tenant_apps.entitlements import residence
from tenant_apps.entitlements.holding import Holdings
from tenant_apps.entitlements.models import Entitlement, Kind
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation import rules
from tenant_apps.organisation.prices import Residence


def household_of(
    guardian_id: UUID | None, participants: Iterable[Participant], *, at: datetime, zone: ZoneInfo
) -> Household:
    """What prices and rules ask of the participants, as this guardian's household has them: three queries at most.

    A separated parent's proof is their own: the same child may be a resident with one and not with the other.
    """
    wanted = list(participants)
    if not wanted:
        return Household()
    guardian = Guardian.objects.select_related("household").filter(id=guardian_id).first() if guardian_id else None
    holdings = holdings_of(guardian, at=at, zone=zone)
    answers = guardian.household.answers if guardian and guardian.household else {}
    rule = residence_rule()
    return Household({each.id: _circumstances(each, holdings, answers, rule) for each in wanted})


def holdings_of(guardian: Guardian | None, *, at: datetime, zone: ZoneInfo) -> Holdings:
    """In one query; the sealed words are left where they are."""
    if guardian is None:
        return Holdings()
    return Holdings(tuple(of_household(guardian).defer("sealed")), clock.local_date(at, zone))


def of_household(guardian: Guardian) -> QuerySet[Entitlement]:
    """The guardian's own requests, and those of who lives with them."""
    mine = Q(guardian_id=guardian.id)
    if guardian.household_id is not None:
        mine |= Q(guardian__household_id=guardian.household_id)
    return Entitlement.objects.filter(mine)


def residence_rule() -> Residence:
    return rules.read(organisation.profile().rules).prices.residence


def _circumstances(
    participant: Participant, holdings: Holdings, answers: dict[str, object], rule: Residence
) -> Circumstances:
    return Circumstances(
        residence=residence.category(
            said_by_staff=participant.price_category,
            proven=holdings.key(Kind.RESIDENCE, participant.id),
            answers=answers,
            rule=rule,
        ),
        income_band=holdings.key(Kind.INCOME, participant.id),
        subsidies=frozenset(each.key for each in holdings.held(Kind.SUBSIDY, participant.id)),
        has_support=bool(holdings.held(Kind.SUPPORT, participant.id)),
        birth_date=participant.birth_date,
    )
