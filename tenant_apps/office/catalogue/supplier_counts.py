"""What is ordered of an offering: by choice, by establishment and by day; and who comes along."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.organisation.models import Establishment
from tenant_apps.registrations.models import Registration, Status
from tenant_apps.registrations.states import PENDING

# By option, and by establishment of the participant: None for a participant of none.
Cell = tuple[UUID, UUID | None]


@dataclass(frozen=True, slots=True)
class Counts:
    """`confirmed` is what to deliver; `pending` may still be paid or let go."""

    options: Sequence[Option]
    establishments: Sequence[Establishment | None]
    confirmed: Counter[Cell]
    pending: Counter[Cell]
    participants: int

    @property
    def by_option(self) -> list[tuple[Option, list[int], int, int]]:
        """Of each choice: how many for each establishment, in all, and pending beside."""
        rows = []
        for option in self.options:
            cells = [self.confirmed[option.pk, each.pk if each else None] for each in self.establishments]
            rows.append((option, cells, sum(cells), self._sum(self.pending, option.pk)))
        return rows

    @property
    def by_establishment(self) -> list[int]:
        keys = [each.pk if each else None for each in self.establishments]
        return [sum(count for (_, place), count in self.confirmed.items() if place == key) for key in keys]

    @property
    def by_day(self) -> list[tuple[date, int]]:
        """Empty where no choice has a day of its own."""
        days: Counter[date] = Counter()
        for option, _, total, _ in self.by_option:
            if option.starts_on:
                days[option.starts_on] += total
        return sorted(days.items())

    @property
    def total(self) -> int:
        return self.confirmed.total()

    @property
    def total_pending(self) -> int:
        return self.pending.total()

    @staticmethod
    def _sum(counts: Counter[Cell], option_id: UUID) -> int:
        return sum(count for (each, _), count in counts.items() if each == option_id)


@dataclass(frozen=True, slots=True)
class Transport:
    """How many adults go with the participants, and how many buses all of them fill."""

    adults: int
    people: int
    buses: int

    @property
    def has_adults(self) -> bool:
        return self.adults > 0


def counts_of(offering: Offering, seen: QuerySet[Registration]) -> Counts:
    """Of `seen`, in four questions however much there is."""
    of_offering = seen.filter(option__offering=offering)
    confirmed = _cells(of_offering.filter(status=Status.CONFIRMED))
    pending = _cells(of_offering.filter(status__in=PENDING))
    keys = {place for _, place in [*confirmed, *pending]}
    named = list(Establishment.objects.filter(pk__in=[key for key in keys if key]))
    taken = {option_id for option_id, _ in [*confirmed, *pending]}
    return Counts(
        options=[option for option in offering.options.all() if option.is_offered or option.pk in taken],
        establishments=[*named, *([None] if None in keys else [])],
        confirmed=confirmed,
        pending=pending,
        participants=_participants(of_offering),
    )


def transport(participants: int, *, seats: int | None, ratio: int | None) -> Transport | None:
    """`ratio` participants to an adult, `seats` to a bus; None where no bus is asked for."""
    if not participants or not (seats or ratio):
        return None
    adults = ceil(participants / ratio) if ratio else 0
    people = participants + adults
    return Transport(adults=adults, people=people, buses=ceil(people / seats) if seats else 0)


def _cells(registrations: QuerySet[Registration]) -> Counter[Cell]:
    rows = (
        registrations.order_by().values("option_id", "participant__establishment_id").annotate(pieces=Sum("quantity"))
    )
    return Counter({(row["option_id"], row["participant__establishment_id"]): row["pieces"] for row in rows})


def _participants(registrations: QuerySet[Registration]) -> int:
    found = registrations.filter(status=Status.CONFIRMED).aggregate(people=Count("participant", distinct=True))
    return int(found["people"])
