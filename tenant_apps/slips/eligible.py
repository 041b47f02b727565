"""What a family paid in a year for the care of each child: by payer and child, from the ledger (R-13)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from kernel import clock
from tenant_apps.catalog.pricing import quote as quotes
from tenant_apps.catalog.pricing.quote import CHANGE_FEE
from tenant_apps.catalog.pricing.rounding import shares
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.orders.models import Order, OrderLine, Status, Transfer
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as Registered
from tenant_apps.slips import care, paid

_DONE = (Registered.CONFIRMED, Registered.WITHDRAWN, Registered.CANCELLED)


@dataclass(frozen=True, slots=True)
class Care:
    """One registration, and what was paid of it in the year. `days` are those that the year has paid for."""

    participant: Participant
    title: str
    days: tuple[date, ...]
    cents: int
    ineligible_cents: int
    is_paid: bool
    ends_on: date | None
    is_half_day: bool = False
    is_overnight: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    guardian: Guardian
    participant: Participant
    cares: tuple[Care, ...]

    @property
    def cents(self) -> int:
        return sum(care.cents for care in self.cares)

    @property
    def ineligible_cents(self) -> int:
        return sum(care.ineligible_cents for care in self.cares)


@dataclass(frozen=True, slots=True)
class _Part:
    """One line of an order: what it stands for now, and what is owed of it that gives a right, and that gives none."""

    registration: Registration
    eligible: int
    ineligible: int
    days: tuple[date, ...]


def claims(payee_id: UUID, year: int, *, zone: ZoneInfo, guardians: Collection[UUID] | None = None) -> list[Claim]:
    """By name of payer then of child. The number of queries does not grow with the families."""
    orders = _orders(payee_id, year, zone, guardians)
    sold, paid_by_year = paid.read([order.pk for order in orders], zone)
    found: dict[tuple[UUID, UUID], list[Care]] = defaultdict(list)
    people: dict[UUID, Guardian] = {}
    for order, lines in zip(orders, _lines(orders), strict=True):
        people[order.guardian_id] = order.guardian
        for each in _cares(lines, sold[order.pk], paid_by_year[order.pk], year):
            found[order.guardian_id, each.participant.pk].append(each)
    made = [
        Claim(people[guardian_id], cares[0].participant, tuple(sorted(cares, key=_by_date)))
        for (guardian_id, _child), cares in found.items()
    ]
    return sorted(made, key=_by_name)


def _orders(payee_id: UUID, year: int, zone: ZoneInfo, guardians: Collection[UUID] | None) -> list[Order]:
    first, until = (clock.start_of_day(date(each, 1, 1), zone) for each in (year, year + 1))
    came = Transfer.objects.filter(paid.came_in(payee_id, first=first, until=until))
    of_care = Q(lines__registration__option__offering__slips__kind="childcare")
    of_care |= Q(lines__registration__replaced_by__isnull=False)
    rows = Order.objects.filter(of_care, status=Status.SETTLED, pk__in=came.values("order_id"))
    if guardians is not None:
        rows = rows.filter(guardian_id__in=guardians)
    return list(rows.select_related("guardian__household").order_by("placed_at", "id").distinct())


def _lines(orders: Sequence[Order]) -> Iterator[list[tuple[OrderLine, Registration]]]:
    """Of each order, its lines, each with the registration that it stands for by now."""
    ids = [order.pk for order in orders]
    of = "registration__option__offering", "registration__participant"
    lines = list(OrderLine.objects.filter(order_id__in=ids).select_related(*of).order_by("order_id", "position", "id"))
    now = _standing({line.registration for line in lines})
    by_order: dict[UUID, list[tuple[OrderLine, Registration]]] = defaultdict(list)
    for line in lines:
        by_order[line.order_id].append((line, now[line.registration_id]))
    return (by_order[order_id] for order_id in ids)


def _standing(registrations: Iterable[Registration]) -> dict[UUID, Registration]:
    """What each was given up for, where it was: the money paid for it counts for that. One query a step."""
    now = {each.pk: each for each in registrations}
    while given_up := {each.pk for each in now.values() if each.status != Registered.CONFIRMED}:
        known = Registration.objects.select_related("option__offering", "participant")
        nexts = {
            each.replaces_id: each
            for each in known.filter(replaces_id__in=given_up, status__in=_DONE)
            if each.replaces_id
        }
        if not nexts:
            break
        now = {key: nexts.get(each.pk, each) for key, each in now.items()}
    return now


def _cares(
    lines: Sequence[tuple[OrderLine, Registration]], sold: int, paid_by_year: dict[int, int], year: int
) -> Iterator[Care]:
    parts = _parts(lines, sold)
    spread = paid.spread(paid_by_year, [cents for part in parts for cents in (part.eligible, part.ineligible)])
    is_paid = sum(paid_by_year.values()) >= sold
    for position, part in enumerate(parts):
        terms = care.terms(part.registration.option.offering.slips)
        own = {each: (cents[2 * position], cents[2 * position + 1]) for each, cents in spread.items()}
        cents, ineligible = own.get(year, (0, 0))
        if not terms.is_childcare or not (cents or ineligible):
            continue
        begins, ends = paid.counts(len(part.days), {each: own[each][0] for each in own}, part.eligible)[year]
        yield Care(
            participant=part.registration.participant,
            title=str(part.registration.option.offering),
            days=part.days[begins:ends],
            cents=cents,
            ineligible_cents=ineligible,
            is_paid=is_paid,
            ends_on=part.days[-1] if part.days else None,
            is_half_day=terms.is_half_day,
            is_overnight=terms.is_overnight,
        )


def _parts(lines: Sequence[tuple[OrderLine, Registration]], sold: int) -> list[_Part]:
    """They sum to what the order sells. What a withdrawal or a change has kept gives no right to anything."""
    owed = [_owed(line, now) for line, now in lines]
    kept = max(sold - sum(owed), 0)
    fees = shares(kept, [0 if part else line.amount_cents for part, (line, _now) in zip(owed, lines, strict=True)])
    standing = owed if kept else shares(max(sold, 0), owed)
    return [_part(line, now, cents, fee) for (line, now), cents, fee in zip(lines, standing, fees, strict=True)]


def _owed(line: OrderLine, now: Registration) -> int:
    if now.status != Registered.CONFIRMED:
        return 0
    return line.amount_cents if now.pk != line.registration_id else now.amount_cents


def _part(line: OrderLine, now: Registration, cents: int, fee: int) -> _Part:
    terms = care.terms(now.option.offering.slips)
    days = care.days_of(now.option, is_overnight=terms.is_overnight) if cents else []
    changed = sum(step.cents for step in quotes.read(line.quote).steps if step.kind == CHANGE_FEE)
    without = min(cents, terms.ineligible_cents * now.quantity + changed) if days else cents
    return _Part(now, cents - without, without + fee, tuple(days))


def _by_name(claim: Claim) -> tuple[str, str, UUID]:
    return claim.guardian.search_text, claim.participant.search_text, claim.guardian.pk


def _by_date(care: Care) -> tuple[date, str]:
    return care.days[0] if care.days else date.max, care.title
