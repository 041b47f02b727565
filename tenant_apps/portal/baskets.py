"""A basket as the pages show it: by child and by payee, with the first moment when a place may be lost."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import groupby
from uuid import UUID

from kernel import clock
from tenant_apps.catalog.models import Offering
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.organisation.models import Payee
from tenant_apps.registrations import holding, renewing
from tenant_apps.registrations import queries as registrations
from tenant_apps.registrations.models import Basket, Registration, Status


@dataclass(frozen=True)
class Part:
    """What one participant takes in one offering."""

    participant: Participant
    offering: Offering
    lines: list[Registration]

    @property
    def chosen(self) -> list[Registration]:
        """What the form of the activity may change: not what stands for a registration that was paid."""
        return [line for line in self.lines if line.replaces_id is None]

    @property
    def payee(self) -> Payee:
        return self.offering.payee

    @property
    def held_until(self) -> datetime:
        return min(line.held_until for line in self.lines)


@dataclass(frozen=True)
class Child:
    """All that one participant has in the basket (S4-38)."""

    participant: Participant
    parts: list[Part]

    @property
    def lines(self) -> list[Registration]:
        return [line for part in self.parts for line in part.lines]

    @property
    def held_until(self) -> datetime:
        return min(part.held_until for part in self.parts)


@dataclass(frozen=True)
class Due:
    """What is to be paid to one payee, in cents."""

    payee: Payee
    cents: int


@dataclass(frozen=True)
class Content:
    basket: Basket | None = None
    lines: list[Registration] = field(default_factory=list)

    @property
    def total_cents(self) -> int:
        """What is paid, voluntary contributions among it."""
        return sum(line.amount_cents for line in self.lines)

    @property
    def given_cents(self) -> int:
        """What is given and was never due (R-55)."""
        return sum(line.amount_cents for line in self.lines if line.option.is_voluntary)

    @property
    def due_cents(self) -> int:
        return self.total_cents - self.given_cents

    @property
    def has_contributions(self) -> bool:
        return any(line.option.is_voluntary for line in self.lines)

    @property
    def has_prices(self) -> bool:
        """Whether there is a price that a promotional code could change."""
        return any(line.unit_cents and not line.option.is_voluntary for line in self.lines)

    @property
    def held_until(self) -> datetime | None:
        return min((line.held_until for line in self.lines), default=None)

    @property
    def has_several_deadlines(self) -> bool:
        """A place of a support request is kept for days beside one kept for minutes; the seconds are not told."""
        return len({part.held_until.replace(second=0, microsecond=0) for part in self.parts}) > 1

    @cached_property
    def is_unlimited(self) -> bool:
        """Nothing here can run out: there is no place to keep, only an order."""
        return not registrations.limited({line.option_id for line in self.lines})

    @cached_property
    def renewals_left(self) -> int:
        """How often the family may still keep all of it longer."""
        lines = renewing.renewable(self.lines, at=clock.now())
        usual = holding.usual() if lines else {}
        left = (holding.terms_in(usual, line.option.offering).renewals - line.renewals for line in lines)
        return min(left, default=0)

    @property
    def is_being_paid(self) -> bool:
        return any(line.status == Status.AWAITING_PAYMENT for line in self.lines)

    @property
    def parts(self) -> list[Part]:
        ordered = sorted(self.lines, key=lambda line: (str(line.participant), str(line.participant_id), _place(line)))
        groups = groupby(ordered, key=lambda line: (line.participant_id, line.option.offering_id))
        found = (list(lines) for _, lines in groups)
        return [Part(lines[0].participant, lines[0].option.offering, lines) for lines in found]

    @property
    def children(self) -> list[Child]:
        groups = groupby(self.parts, key=lambda part: part.participant.id)
        found = (list(parts) for _, parts in groups)
        return [Child(parts[0].participant, parts) for parts in found]

    @property
    def dues(self) -> list[Due]:
        cents: dict[UUID, int] = {}
        payees: dict[UUID, Payee] = {}
        for line in self.lines:
            payee = line.option.offering.payee
            payees[payee.id] = payee
            cents[payee.id] = cents.get(payee.id, 0) + line.amount_cents
        return [Due(payees[payee_id], cents[payee_id]) for payee_id in sorted(payees)]

    def parts_of(self, offering_id: UUID) -> list[Part]:
        return [part for part in self.parts if part.offering.id == offering_id]


def content_of(guardian: Guardian | None) -> Content:
    basket = registrations.open_basket_of(guardian.id) if guardian else None
    return Content(basket, registrations.basket_lines(basket.id)) if basket else Content()


def _place(line: Registration) -> tuple[str, str, int, str]:
    option = line.option
    return (option.offering.title, str(option.offering_id), option.position, option.name)
