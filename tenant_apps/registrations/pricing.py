"""What a household pays for registrations: all that prices ask is read here, in a constant number of queries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
from tenant_apps.entitlements.queries import household_of
from tenant_apps.families.models import Participant
from tenant_apps.families.queries import living_together
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
    if not registrations:
        return []
    wanted: list[Wanted] = [(each.participant, each.option, each.quantity, each.unit_cents) for each in registrations]
    # What a line stands for is owed no more: it is what counts as paid of this line (registrations.replacing).
    gone = [each.replaces_id for each in registrations if each.replaces_id]
    known = _known(basket.guardian_id, wanted, at=at, but=[*(each.id for each in registrations), *gone])
    lines = [
        _line(each, clock.local_date(registration.created_at, known.zone))
        for each, registration in zip(wanted, registrations, strict=True)
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
    """Only what these prices ask: on an opening day most ask nothing, and each query is one of hundreds."""
    pricings = [option.offering.pricing for _, option, _, _ in wanted]
    if not any(pricings):
        return _Known(Prices(), ZoneInfo("UTC"), Household(), at.date())
    profile = organisation.profile()
    participants = {each.id: each for each, _, _, _ in wanted if each is not None}
    asks_who = any(pricing.get("rules") or pricing.get("tax") for pricing in pricings)
    confirmed, pending = _booked(guardian_id, wanted, but)
    return _Known(
        tables=read(profile.rules).prices,
        zone=profile.zone,
        household=household_of(guardian_id, participants.values() if asks_who else (), at=at, zone=profile.zone),
        on=clock.local_date(at, profile.zone),
        confirmed=confirmed,
        pending=pending,
    )


def _booked(
    guardian_id: UUID | None, wanted: Sequence[Wanted], but: Collection[UUID]
) -> tuple[list[Booked], list[Booked]]:
    """What was priced in a family scheme, confirmed and pending; nothing is read where no price asks.

    In one query: a line that is confirmed meanwhile is in one of the two, and never in none.
    """
    if guardian_id is None or not any(option.offering.pricing.get("family") for _, option, _, _ in wanted):
        return [], []
    rows = Registration.objects.filter(_of_household(guardian_id), quote__has_key="family").exclude(id__in=but)
    confirmed: list[Booked] = []
    pending: list[Booked] = []
    for participant_id, option_id, quote, status in rows.order_by("id").values_list(
        "participant_id", "option_id", "quote", "status"
    ):
        booked = Booked(participant_id, option_id, quotes.read(quote), reversing.read(quote))
        (pending if status in PENDING else confirmed).append(booked)
    return confirmed, pending


def _of_household(guardian_id: UUID) -> Q:
    """Confirmed for any of the guardians who live together, and pending in the guardian's own basket.

    What was given up counts with what was kept of it. The children of two households have two prices.
    """
    own = Q(basket__guardian_id=guardian_id, basket__closed_at=None, status__in=PENDING)
    owed = Q(status=Status.CONFIRMED) | Q(status__in=(Status.WITHDRAWN, Status.CANCELLED), quote__has_key="reversal")
    return Q(owed, basket__guardian__in=living_together(guardian_id)) | own


def _line(wanted: Wanted, taken_on: date) -> Line:
    participant, option, quantity, unit_cents = wanted
    return Line(option, taken_on, participant.id if participant else NOBODY, quantity, unit_cents)
