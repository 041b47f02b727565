"""What a family pays for all its lines of one scheme: a function of the set of lines, whatever order they came in.

The children are ordered by what their lines cost, most expensive first, and each has the discount of its rank; then
the cap. Discounts never shrink from one rank to the next, so that one more line never lowers the whole.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from tenant_apps.catalog.pricing import taxes
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.catalog.pricing.rounding import HUNDRED, half_up, shares
from tenant_apps.catalog.pricing.taxes import Rates
from tenant_apps.organisation.prices import FamilyPrice

# By whom it is for, then by what it is: lines that are equal in all this are the same to every sum below.
Key = tuple[str, str, int, Rates]


@dataclass(frozen=True, slots=True)
class Part:
    """One line as the scheme sees it: what it costs before the scheme, and the taxes that it bears."""

    participant_id: UUID
    option_id: UUID
    subtotal: int
    rates: Rates = ()

    @property
    def key(self) -> Key:
        return (str(self.participant_id), str(self.option_id), self.subtotal, self.rates)


@dataclass(frozen=True, slots=True)
class Booked:
    """A line that is owed already, as it was quoted; `reversal` where it was cancelled since, what that gave back.

    A cancelled line costs nothing any more, and what was kept of it still counts as paid.
    """

    participant_id: UUID
    option_id: UUID
    quote: Quote
    reversal: Quote | None = None

    @property
    def part(self) -> Part:
        kept = self.quote.family
        subtotal = 0 if self.reversal else int(kept["subtotal"])
        return Part(self.participant_id, self.option_id, subtotal, taxes.as_read(kept["rates"]))

    @property
    def price_cents(self) -> int:
        return self.quote.worth.price_cents + (self.reversal.price_cents if self.reversal else 0)

    @property
    def taxes_cents(self) -> Counter[str]:
        charged = Counter(self.quote.taxes_cents)
        charged.update(self.reversal.taxes_cents if self.reversal else {})
        return charged


@dataclass(frozen=True, slots=True)
class Whole:
    """By position in the set: `discounted` before the cap, `prices` after it. Ranks begin at 1."""

    ranks: Mapping[UUID, int]
    discounted: Sequence[int]
    prices: Sequence[int]
    taxes_cents: Mapping[str, int]


def whole(parts: Sequence[Part], scheme: FamilyPrice) -> Whole:
    order = sorted(range(len(parts)), key=lambda position: parts[position].key)
    lines = [parts[position] for position in order]
    ranks = _ranks(lines)
    discounted = _discounted(lines, ranks, scheme)
    prices = discounted
    if scheme.cap_cents is not None and sum(discounted) > scheme.cap_cents:
        prices = shares(scheme.cap_cents, discounted)
    back = {position: place for place, position in enumerate(order)}
    return Whole(
        ranks,
        [discounted[back[position]] for position in range(len(parts))],
        [prices[back[position]] for position in range(len(parts))],
        _taxes(lines, prices),
    )


def discount_of(scheme: FamilyPrice, rank: int) -> Decimal:
    return scheme.discounts[min(rank, len(scheme.discounts)) - 1]


def terms_of(scheme: FamilyPrice) -> dict[str, Any]:
    """By which a line was priced: lines of other terms are never charged anew for what changed since."""
    return {"discounts": [str(each.normalize()) for each in scheme.discounts], "cap": scheme.cap_cents}


def owed(booked: Sequence[Booked], scheme: FamilyPrice) -> tuple[int, Counter[str]]:
    """What counts as charged of the set already: what was charged, unless the scheme has changed since.

    Where two adults of a household paid at the same time, or one of two payees was never paid, what was charged is not
    what the set costs, and the next line makes up for it.
    """
    taxes_cents: Counter[str] = Counter()
    if all(each.quote.family["terms"] == terms_of(scheme) for each in booked):
        for each in booked:
            taxes_cents.update(each.taxes_cents)
        return sum(each.price_cents for each in booked), taxes_cents
    now = whole([each.part for each in booked], scheme)
    taxes_cents.update(now.taxes_cents)
    return sum(now.prices), taxes_cents


def share_taxes(rates: Sequence[Rates], prices: Sequence[int], due: Mapping[str, int]) -> list[Counter[str]]:
    """By line. A tax that new lines make smaller is taken off what they cost, never below zero."""
    found: list[Counter[str]] = [Counter() for _ in rates]
    for code in sorted(due, key=lambda code: (due[code] < 0, code)):
        if due[code] >= 0:
            bearing = [_bears(each, code) * price for each, price in zip(rates, prices, strict=True)]
            portions = shares(due[code], bearing if any(bearing) else prices)
        else:
            room = [price + sum(cents.values()) for price, cents in zip(prices, found, strict=True)]
            portions = [-cents for cents in shares(min(-due[code], sum(room)), room)]
        for cents, portion in zip(found, portions, strict=True):
            cents[code] += portion
    return found


def _bears(rates: Rates, code: str) -> bool:
    return any(rate.code == code for rate in rates)


def _ranks(lines: Sequence[Part]) -> dict[UUID, int]:
    costs: Counter[UUID] = Counter()
    for line in lines:
        costs[line.participant_id] += line.subtotal
    by_cost = sorted(costs, key=lambda participant_id: (-costs[participant_id], str(participant_id)))
    return {participant_id: rank for rank, participant_id in enumerate(by_cost, start=1)}


def _discounted(lines: Sequence[Part], ranks: Mapping[UUID, int], scheme: FamilyPrice) -> list[int]:
    by_child: dict[UUID, list[int]] = defaultdict(list)
    for position, line in enumerate(lines):
        by_child[line.participant_id].append(position)
    found = [0] * len(lines)
    for participant_id, positions in by_child.items():
        costs = [lines[position].subtotal for position in positions]
        left = HUNDRED - discount_of(scheme, ranks[participant_id])
        for position, cents in zip(positions, shares(half_up(sum(costs) * left / HUNDRED), costs), strict=True):
            found[position] = cents
    return found


def _taxes(lines: Sequence[Part], prices: Sequence[int]) -> dict[str, int]:
    """Of the lines that bear the same taxes together, so that cents are rounded once for the whole."""
    sums: Counter[Rates] = Counter()
    for line, price in zip(lines, prices, strict=True):
        sums[line.rates] += price
    cents: Counter[str] = Counter()
    for rates, price in sums.items():
        cents.update(taxes.cents_of(price, rates))
    return dict(cents)
