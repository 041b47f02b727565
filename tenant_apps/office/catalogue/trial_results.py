"""What a child's family would be told of offerings at a moment: may they, why not and when, at what price and why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.catalog import visibility
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.families.models import Participant
from tenant_apps.registrations import pricing, queries

RECORDS = frozenset({Code.FORM_MISSING, Code.FORM_EXPIRED})
ANSWERS = frozenset({Code.APPROVAL_NEEDED, Code.APPROVAL_PENDING, Code.APPROVAL_REFUSED})
SUPPORT = frozenset({Code.SUPPORT_NEEDED, Code.SUPPORT_PENDING, Code.SUPPORT_REFUSED})


@dataclass(frozen=True, slots=True)
class TriedOption:
    """`left` is None where places are unlimited. `quote` is for the least that can be taken."""

    option: Option
    reasons: Sequence[Reason]
    quote: Quote
    quantity: int
    left: int | None

    @property
    def is_full(self) -> bool:
        return self.left is not None and self.left < self.quantity

    @property
    def may(self) -> bool:
        return not self.reasons and not self.is_full


@dataclass(frozen=True, slots=True)
class Tried:
    """`is_shown`: whether families see it at all at that moment."""

    offering: Offering
    is_shown: bool
    reasons: Sequence[Reason]
    options: Sequence[TriedOption]

    @property
    def may(self) -> bool:
        return not self.reasons and any(option.may for option in self.options)

    @property
    def prices(self) -> list[int]:
        return sorted({option.quote.amount_cents for option in self.options})


def tried(
    offerings: Sequence[Offering],
    participant: Participant,
    *,
    guardian_id: UUID | None,
    at: datetime,
    zone: ZoneInfo,
    assumed: Collection[Code] = (),
) -> list[Tried]:
    """By the evaluator and the prices of the families' own pages; `assumed` are reasons taken as dealt with."""
    known = Eligibility.of(offerings, [participant], guardian_id=guardian_id, at=at, zone=zone)
    options = [option for offering in offerings for option in _options(offering)]
    wanted = [(participant, option, _least(option), None) for option in options]
    quotes = {option.pk: quote for option, quote in zip(options, _quotes(guardian_id, wanted, at), strict=True)}
    left = queries.places_left([option.pk for option in options], at=at)

    def reasons(found: Sequence[Reason]) -> list[Reason]:
        return [reason for reason in found if reason.code not in assumed]

    return [
        Tried(
            offering=offering,
            is_shown=visibility.is_shown(offering, at=at),
            reasons=reasons(known.of_offering(offering, participant)),
            options=[
                TriedOption(
                    option=option,
                    reasons=reasons(known.of_option(option, participant)),
                    quote=quotes[option.pk],
                    quantity=_least(option),
                    left=left.get(option.pk),
                )
                for option in _options(offering)
            ],
        )
        for offering in offerings
    ]


def _quotes(guardian_id: UUID | None, wanted: Sequence[pricing.Wanted], at: datetime) -> list[Quote]:
    return pricing.quotes_for(guardian_id, wanted, at=at) if wanted else []


def _options(offering: Offering) -> list[Option]:
    """Those that families see."""
    return [option for option in offering.options.all() if option.is_offered]


def _least(option: Option) -> int:
    return max(option.minimum_quantity, 1)
