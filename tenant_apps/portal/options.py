"""An offering's options as its page lists them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from tenant_apps.catalog.audiences import is_for_others
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Nature, Offering, Option, Selection
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.catalog.reasons import Reason
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.portal import waiting_lists, weeks
from tenant_apps.portal.conditions import Conditions
from tenant_apps.registrations.pricing import quotes_for


@dataclass(frozen=True)
class Shown:
    """`left` is None where places are unlimited; `reasons` say why this option alone cannot be taken.

    `is_taken`: the participant has it already, and it is taken once. `quote`: what one costs the participant who is
    chosen, once one is. `has_list`: who finds it full may wait; `rank`: where the participant stands in its waiting
    list already, with `siblings` who wait for it too.
    """

    option: Option
    left: int | None
    reasons: Sequence[Reason] = ()
    is_taken: bool = False
    quote: Quote | None = None
    has_list: bool = False
    rank: int | None = None
    siblings: Sequence[Participant] = ()

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def is_for_others(self) -> bool:
        """Another age's, another school's: explained, and not offered."""
        return is_for_others(self.reasons)

    @property
    def unit_cents(self) -> int:
        return self.option.price_cents if self.quote is None else self.quote.amount_cents


def of_offering(
    offering: Offering,
    *,
    left: Mapping[UUID, int | None],
    known: Eligibility,
    participant: Participant | None = None,
    taken: Collection[UUID] = (),
) -> list[Shown]:
    """`participant` is who is chosen, once one is. What was taken off the offer is not shown at all.

    Where a yes or a no is all that is asked, there is nothing to take.
    """
    if offering.nature == Nature.CONSENT:
        return []
    return [
        Shown(option, left.get(option.id), known.of_option(option, participant), option.id in taken)
        for option in offering.options.all()
        if option.is_offered
    ]


def priced(
    options: Iterable[Shown], *, guardian_id: UUID | None, participant: Participant | None, at: datetime
) -> list[Shown]:
    """At the participant's own price, each as if it were taken alone; at the plain price for nobody in particular."""
    every = list(options)
    if participant is None:
        return every
    wanted = [(participant, each.option, 1, None) for each in every]
    found = quotes_for(guardian_id, wanted, at=at)
    return [replace(each, quote=quote) for each, quote in zip(every, found, strict=True)]


def waited_for(options: Iterable[Shown], guardian: Guardian | None, participant: Participant | None) -> list[Shown]:
    """With the waiting list of each, of an offering that has one."""
    waited = waiting_lists.of_family(guardian) if guardian else []
    ranks = waiting_lists.ranks_of(waited, participant)
    siblings = waiting_lists.siblings_of(waited, participant)
    return [
        replace(each, has_list=True, rank=ranks.get(each.option.id), siblings=siblings.get(each.option.id, ()))
        for each in options
    ]


@dataclass(frozen=True)
class Line:
    """An option on the page of its offering, with what it asks of its own."""

    shown: Shown
    conditions: Sequence[str]

    @property
    def option(self) -> Option:
        return self.shown.option


class Listed:
    """The options on the page of their offering: in a table, or by week."""

    def __init__(self, offering: Offering, options: Iterable[Shown], conditions: Conditions) -> None:
        every = [Line(each, conditions.of_option(each.option)) for each in options]
        self.lines = [line for line in every if not line.option.is_voluntary]
        self.voluntary = [line for line in every if line.option.is_voluntary]
        is_camp = offering.selection != Selection.QUANTITIES
        has_weeks = is_camp and weeks.has_weeks(offering, [line.option for line in self.lines])
        self.weeks = weeks.by_week(self.lines) if has_weeks else []

    @property
    def own_prices(self) -> list[int]:
        """What the participant who is chosen would pay, from the least; empty for nobody in particular."""
        quoted = (line.shown for line in self.lines if line.shown.quote and not line.shown.is_for_others)
        return sorted({each.unit_cents for each in quoted})

    @property
    def shows_places(self) -> bool:
        return any(line.shown.left is not None or line.shown.reasons for line in self.lines)
