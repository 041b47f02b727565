"""What lines cost, each with its steps: pure, from data alone, so that pages and charges cannot differ.

A line of a family scheme pays what it adds to the household's whole: T(S with the new lines) less what is owed for S.
Whatever the order of additions, payments and cancellations, the same lines end up costing the same in all.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from tenant_apps.catalog.pricing import family, taxes
from tenant_apps.catalog.pricing.circumstances import Household
from tenant_apps.catalog.pricing.codes import fold_code
from tenant_apps.catalog.pricing.family import Booked, Part, Whole
from tenant_apps.catalog.pricing.lines import Line, Priced, alone, priced
from tenant_apps.catalog.pricing.quote import Quote, Step
from tenant_apps.catalog.pricing.rounding import shares
from tenant_apps.catalog.pricing.wording import plain
from tenant_apps.organisation.prices import FamilyPrice, Prices, Tax

# The scheme's key and the season: lines of one scheme count together within a season.
Group = tuple[str, str]


def price(
    lines: Sequence[Line],
    *,
    booked: Sequence[Booked] = (),
    tables: Prices,
    household: Household = Household(),  # noqa: B008 (it is frozen)
    on: date,
    promotion: str = "",
) -> list[Quote]:
    """The quotes of these lines, taken together, in their order. `booked`: what the household owes already."""
    own = [priced(line, tables=tables, household=household, on=on, promotion=fold_code(promotion)) for line in lines]
    quotes = {position: alone(each) for position, each in enumerate(own) if each.scheme is None}
    standing: dict[Group, list[Booked]] = defaultdict(list)
    for each in booked:
        standing[(each.quote.family["key"], each.quote.family["season"])].append(each)
    # Payee after payee, as they are paid: what is charged is right even if the last one is never paid.
    for group, positions in _by_group_and_payee(own):
        news = [own[position] for position in positions]
        together = _together(news, standing[group], tables)
        quotes.update(zip(positions, together, strict=True))
        standing[group] += [_booked(new, quote) for new, quote in zip(news, together, strict=True)]
    return [quotes[position] for position in range(len(lines))]


def reversal(line: Booked, *, others: Sequence[Booked], scheme: FamilyPrice | None) -> Quote:
    """What cancelling a line gives back, below zero: what is owed for the set with it, less what the others cost.

    `others`: of the same scheme and season. Never more than is owed, and never anything to pay.
    """
    if scheme is None or not line.quote.family:
        return line.quote.undone()
    left = family.whole([each.part for each in others], scheme)
    owed, owed_taxes = family.owed([line, *others], scheme)
    back = {code: max(cents - left.taxes_cents.get(code, 0), 0) for code, cents in owed_taxes.items()}
    included = {code for code, _, is_included in line.quote.family["rates"] if is_included}
    steps = [Step("reversal", -max(owed - sum(left.prices), 0))]
    steps += [Step("tax", -cents, {"code": code}) for code, cents in back.items() if cents and code not in included]
    return Quote(steps, {code: -cents for code, cents in back.items() if cents})


def _by_group_and_payee(own: Sequence[Priced]) -> list[tuple[Group, list[int]]]:
    found: dict[tuple[str, Group], list[int]] = defaultdict(list)
    for position, each in enumerate(own):
        if each.scheme is not None:
            offering = each.line.option.offering
            found[(str(offering.payee_id), (each.scheme.key, str(offering.season_id or "")))].append(position)
    return [(group, found[(payee, group)]) for payee, group in sorted(found)]


def _together(news: Sequence[Priced], booked: Sequence[Booked], tables: Prices) -> list[Quote]:
    """The quotes of new lines of one scheme, one season and one payee."""
    scheme = _scheme(news)
    whole = family.whole([*map(_part, news), *(each.part for each in booked)], scheme)
    owed, owed_taxes = family.owed(booked, scheme)
    # What the other lines' change of rank, or what was charged amiss before, leaves is for these to make up for.
    prices = shares(max(sum(whole.prices) - owed, 0), whole.prices[: len(news)])
    due = {code: whole.taxes_cents.get(code, 0) - owed_taxes[code] for code in {*whole.taxes_cents, *owed_taxes}}
    cents = family.share_taxes([new.rates for new in news], prices, due)
    known = {tax.code: tax for tax in tables.taxes}
    return [_quote(new, place, whole, prices[place], cents[place], known) for place, new in enumerate(news)]


def _quote(
    new: Priced, place: int, whole: Whole, price: int, cents: Mapping[str, int], known: Mapping[str, Tax]
) -> Quote:
    scheme = _scheme([new])
    rank = whole.ranks[new.line.participant_id]
    label = plain(scheme.label)
    told = {"label": label, "rank": rank, "percent": str(family.discount_of(scheme, rank).normalize())}
    steps = [
        Step("family", whole.discounted[place] - new.subtotal, told),
        Step("family_cap", whole.prices[place] - whole.discounted[place], {"label": label, "cap": scheme.cap_cents}),
        Step("family_others", price - whole.prices[place], {"label": label}),
    ]
    borne = {**known, **{tax.code: tax for tax in new.borne}}
    return Quote(
        [*new.steps, *(step for step in steps if step.cents), *taxes.steps_of(borne.values(), cents)],
        {code: each for code, each in cents.items() if each},
        {
            "key": scheme.key,
            "season": str(new.line.option.offering.season_id or ""),
            "subtotal": new.subtotal,
            "rates": taxes.as_kept(new.rates),
            "terms": family.terms_of(scheme),
        },
    )


def _scheme(news: Sequence[Priced]) -> FamilyPrice:
    scheme = news[0].scheme
    assert scheme is not None  # noqa: S101
    return scheme


def _part(new: Priced) -> Part:
    return Part(new.line.participant_id, new.line.option.id, new.subtotal, new.rates)


def _booked(new: Priced, quote: Quote) -> Booked:
    return Booked(new.line.participant_id, new.line.option.id, quote)
