"""What each fund with a purpose of its own was given, and gave back: separate books of one ledger (R-56)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, Sum

from tenant_apps.accounting.lines import Period
from tenant_apps.catalog.models import Offering
from tenant_apps.orders.models import Account


@dataclass(frozen=True, slots=True)
class Sold:
    """Of an offering, or of none: what it brought without its taxes, and what was taken off that since."""

    offering: Offering | None
    payee: str
    sold: int
    taken_off: int

    @property
    def left(self) -> int:
        return self.sold - self.taken_off


@dataclass(frozen=True, slots=True)
class Fund:
    """`name` is empty for what is of no fund."""

    name: str
    parts: list[Sold]

    @property
    def sold(self) -> int:
        return sum(part.sold for part in self.parts)

    @property
    def taken_off(self) -> int:
        return sum(part.taken_off for part in self.parts)

    @property
    def left(self) -> int:
        return self.sold - self.taken_off


def of_period(period: Period) -> list[Fund]:
    """By name, what is of no fund last; in two queries."""
    found: defaultdict[str, list[Sold]] = defaultdict(list)
    for part in _sold(period):
        found[str(part.offering.accounting.get("fund", "")) if part.offering else ""].append(part)
    return [Fund(name, _in_order(found[name])) for name in sorted(found, key=lambda name: (not name, name.casefold()))]


def _sold(period: Period) -> Iterable[Sold]:
    rows = (
        period.transfers.filter(Q(debit=Account.REVENUE) | Q(credit=Account.REVENUE))
        .order_by()
        .values_list("offering_id", "payee__name")
        .annotate(
            sold=Sum("amount_cents", filter=Q(credit=Account.REVENUE), default=0),
            taken_off=Sum("amount_cents", filter=Q(debit=Account.REVENUE), default=0),
        )
    )
    known = list(rows)
    offerings = Offering.objects.in_bulk([offering_id for offering_id, *_rest in known if offering_id])
    for offering_id, payee, sold, taken_off in known:
        yield Sold(offerings.get(offering_id) if offering_id else None, payee, sold, taken_off)


def _in_order(parts: Iterable[Sold]) -> list[Sold]:
    return sorted(parts, key=lambda part: (part.payee, part.offering.title if part.offering else ""))
