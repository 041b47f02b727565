"""What a household pays for registrations: all that prices ask is read here, in a constant number of queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from kernel import clock
from kernel.kept import kept, only
from tenant_apps.catalog.models import Option
from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.catalog.pricing.circumstances import Household
from tenant_apps.catalog.pricing.family import Booked
from tenant_apps.catalog.pricing.lines import NOBODY, Line
from tenant_apps.catalog.pricing.pricing import price, reversal
from tenant_apps.catalog.pricing.quote import Quote
from tenant_apps.entitlements.queries import Asking, households_of
from tenant_apps.families.models import Participant
from tenant_apps.families.queries import homes_of, living_with
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.prices import Prices
from tenant_apps.organisation.rules import read
from tenant_apps.registrations import replacing, reversing
from tenant_apps.registrations.models import Basket, Registration, Status
from tenant_apps.registrations.states import PENDING

# Who would take what: anybody where it is None; how many; and what a voluntary contributor would give.
Wanted = tuple[Participant | None, Option, int, int | None]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the prices of one household are made from, on one day. `pending`: what its basket holds or is paying."""

    tables: Prices
    zone: ZoneInfo
    household: Household
    on: date
    confirmed: Sequence[Booked] = ()
    pending: Sequence[Booked] = ()

    def price(self, lines: Sequence[Line], besides: Iterable[Booked], promotion: str) -> list[Quote]:
        return price(
            lines,
            booked=[*self.confirmed, *besides],
            tables=self.tables,
            household=self.household,
            on=self.on,
            promotion=promotion,
        )

    def besides(self, wanted: Wanted) -> list[Booked]:
        """What is asked after anew does not count as taken."""
        participant, option, _, _ = wanted
        asked = (participant.id if participant else None, option.id)
        return [each for each in self.pending if (each.participant_id, each.option_id) != asked]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose prices are asked for, of what; `but`: the registrations that do not count beside it."""

    guardian_id: UUID | None
    wanted: Sequence[Wanted]
    but: Collection[UUID] = ()

    @property
    def pricings(self) -> list[Mapping[str, Any]]:
        return [option.offering.pricing for _, option, _, _ in self.wanted]

    @property
    def asks_family(self) -> bool:
        return any(pricing.get("family") for pricing in self.pricings)

    @property
    def asking(self) -> Asking:
        """Who they are is read only where a price depends on it."""
        asks_who = any(pricing.get("rules") or pricing.get("tax") for pricing in self.pricings)
        people = {each.id: each for each, _, _, _ in self.wanted if each is not None}
        return self.guardian_id, list(people.values()) if asks_who else []


def quotes_for(
    guardian_id: UUID | None, wanted: Sequence[Wanted], *, at: datetime, promotion: str | None = None
) -> list[Quote]:
    """What each would cost by itself, beside what the household has and what its basket holds already.

    `promotion`: a code to try; that of the basket where it is None. Options need their offering loaded.
    """
    known, code = _known(guardian_id, wanted, at=at), _code(guardian_id, promotion)
    return [known.price([_line(each, known.on)], known.besides(each), code)[0] for each in wanted]


def quotes_instead(registration: Registration, options: Sequence[Option], *, at: datetime) -> list[Quote]:
    """What the participant would pay for each of the options in place of this one, beside all that is owed."""
    participant = registration.participant
    wanted: list[Wanted] = [(participant, each, registration.quantity, None) for each in options]
    basket = registration.basket
    known = _known(basket.guardian_id, wanted, at=at, but=[registration.id])
    taken_on = clock.local_date(registration.created_at, known.zone)
    lines = [Line(option, taken_on, participant.id, registration.quantity) for option in options]
    return [known.price([line], [], basket.promotion)[0] for line in lines]


def reversal_of(registration: Registration, *, at: datetime) -> Quote:
    """What giving up a confirmed registration gives back, below zero, beside all that its household has."""
    own = reversing.charged(registration)
    if not own.family:
        return own.undone()
    wanted: list[Wanted] = [(registration.participant, registration.option, registration.quantity, None)]
    confirmed, _pending = _booked(registration.basket.guardian_id, wanted, [registration.id])
    group = (own.family["key"], own.family["season"])
    others = [each for each in confirmed if (each.quote.family["key"], each.quote.family["season"]) == group]
    scheme = read(organisation.profile().rules).prices.family(own.family["key"])
    line = Booked(registration.participant_id, registration.option_id, own)
    return reversal(line, others=others, scheme=scheme)


def put_prices(basket: Basket, registrations: Sequence[Registration], *, at: datetime) -> list[Registration]:
    """Give these lines of a basket the price that they have together now. Returns those whose price is another one.

    What else is being paid in the basket is owed already, and stays as it is. Nothing is saved here.
    """
    return put_prices_of_each([(basket, registrations)], at=at)


def put_prices_of_each(
    lines_of: Sequence[tuple[Basket, Sequence[Registration]]], *, at: datetime
) -> list[Registration]:
    """As `put_prices` for each basket, by as many queries for a thousand families as for one."""
    lines_of = [(basket, registrations) for basket, registrations in lines_of if registrations]
    known = _known_of_each([_asked(basket, registrations) for basket, registrations in lines_of], at=at)
    changed = []
    for (basket, registrations), each in zip(lines_of, known, strict=True):
        changed += _put_all(basket, registrations, each)
    return changed


def _asked(basket: Basket, registrations: Sequence[Registration]) -> "_Asked":
    # What a line stands for is owed no more: it is what counts as paid of this line (registrations.replacing).
    gone = [each.replaces_id for each in registrations if each.replaces_id]
    return _Asked(basket.guardian_id, _wanted(registrations), [*(each.id for each in registrations), *gone])


def _wanted(registrations: Sequence[Registration]) -> list[Wanted]:
    return [(each.participant, each.option, each.quantity, each.unit_cents) for each in registrations]


def _put_all(basket: Basket, registrations: Sequence[Registration], known: _Known) -> list[Registration]:
    lines = [
        _line(each, clock.local_date(registration.created_at, known.zone))
        for each, registration in zip(_wanted(registrations), registrations, strict=True)
    ]
    prices = replacing.priced(registrations, known.price(lines, known.pending, basket.promotion))
    return [each for each, quote in zip(registrations, prices, strict=True) if _put(each, quote)]


def _put(registration: Registration, quote: Quote) -> bool:
    """Whether it is another price than before, or the same one for other reasons."""
    option, before = registration.option, (registration.unit_cents, registration.amount_cents, registration.quote)
    unit_cents = registration.unit_cents if option.is_voluntary else option.price_cents
    after = (unit_cents, quote.amount_cents, {**replacing.kept(registration), **quotes.write(quote)})
    registration.unit_cents, registration.amount_cents, registration.quote = after
    return before != after


def _code(guardian_id: UUID | None, promotion: str | None) -> str:
    if promotion is not None or guardian_id is None:
        return promotion or ""
    return only(_promotions(guardian_id)) or ""


@kept
def _promotions(guardian_id: UUID) -> QuerySet[Basket, str]:
    return Basket.objects.filter(guardian_id=guardian_id, closed_at=None).values_list("promotion", flat=True)


def _known(guardian_id: UUID | None, wanted: Sequence[Wanted], *, at: datetime, but: Collection[UUID] = ()) -> _Known:
    return _known_of_each([_Asked(guardian_id, wanted, but)], at=at)[0]


def _known_of_each(asked: Sequence[_Asked], *, at: datetime) -> list[_Known]:
    """Only what these prices ask: on an opening day most ask nothing, and each query is one of hundreds."""
    if not any(any(each.pricings) for each in asked):
        return [_Known(Prices(), ZoneInfo("UTC"), Household(), at.date())] * len(asked)
    profile = organisation.profile()
    tables, on = read(profile.rules).prices, clock.local_date(at, profile.zone)
    households = households_of([each.asking for each in asked], at=at, zone=profile.zone)
    return [
        _Known(tables, profile.zone, household, on, confirmed, pending)
        for household, (confirmed, pending) in zip(households, _booked_of_each(asked), strict=True)
    ]


def _booked(
    guardian_id: UUID | None, wanted: Sequence[Wanted], but: Collection[UUID]
) -> tuple[list[Booked], list[Booked]]:
    return _booked_of_each([_Asked(guardian_id, wanted, but)])[0]


def _booked_of_each(asked: Sequence[_Asked]) -> list[tuple[list[Booked], list[Booked]]]:
    """What was priced in a family scheme, confirmed and pending; nothing is read where no price asks.

    In one query: a line that is confirmed meanwhile is in one of the two, and never in none.
    """
    asking = {each.guardian_id for each in asked if each.guardian_id and each.asks_family}
    rows = _of_households(asking) if asking else []
    # One family needs not be told from another.
    homes = homes_of(asking) if len(asking) > 1 else {}
    owed: dict[UUID | None, list[Registration]] = {}
    pending: dict[UUID | None, list[Registration]] = {}
    for row in rows:
        guardian_id = row.basket.guardian_id
        if row.status in PENDING:
            pending.setdefault(guardian_id, []).append(row)
        else:
            owed.setdefault(homes.get(guardian_id) if homes else None, []).append(row)
    return [
        (
            _read(owed.get(homes.get(each.guardian_id) if homes and each.guardian_id else None, ()), each.but),
            _read(pending.get(each.guardian_id, ()), each.but),
        )
        if each.guardian_id in asking
        else ([], [])
        for each in asked
    ]


def _of_households(guardian_ids: Collection[UUID]) -> list[Registration]:
    """Confirmed for any of the guardians who live together, and pending in the guardian's own basket.

    What was given up counts with what was kept of it. The children of two households have two prices.
    """
    own = Q(basket__guardian_id__in=guardian_ids, basket__closed_at=None, status__in=PENDING)
    owed = Q(status=Status.CONFIRMED) | Q(status__in=(Status.WITHDRAWN, Status.CANCELLED), quote__has_key="reversal")
    rows = Registration.objects.filter(Q(owed, basket__guardian__in=living_with(guardian_ids)) | own)
    return list(rows.filter(quote__has_key="family").select_related("basket").order_by("id"))


def _read(rows: Iterable[Registration], but: Collection[UUID]) -> list[Booked]:
    return [
        Booked(row.participant_id, row.option_id, quotes.read(row.quote), reversing.read(row.quote))
        for row in rows
        if row.id not in but
    ]


def _line(wanted: Wanted, taken_on: date) -> Line:
    participant, option, quantity, unit_cents = wanted
    return Line(option, taken_on, participant.id if participant else NOBODY, quantity, unit_cents)
