"""What each of thousands of families has taken already, read for all of them at once (taken says it for one)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from tenant_apps.catalog.rules.kind import Circle
from tenant_apps.families.models import Guardianship
from tenant_apps.families.queries import homes_of
from tenant_apps.registrations.models import Registration, Status
from tenant_apps.registrations.rules.taken import with_options
from tenant_apps.registrations.states import PENDING, TAKING

K = TypeVar("K")


def of_own(rows: Iterable[Registration], circles: Sequence[Circle]) -> list[list[Registration]]:
    """To each circle what is for one of its participants."""
    by_participant = _by(rows, lambda row: row.participant_id)
    return [[row for each in circle.participants for row in by_participant.get(each.id, ())] for circle in circles]


def of_family(circles: Sequence[Circle]) -> list[list[Registration]]:
    """As `taken.of_family` that takes a place, in two queries."""
    homes = homes_of(_asking(circles))
    rows = with_options(Registration.objects.filter(basket__guardian_id__in=homes, status__in=TAKING))
    by_home = _by(rows.select_related("basket"), lambda row: homes[row.basket.guardian_id])
    found: list[UUID | None] = [_home(circle, homes) for circle in circles]
    return [list(by_home.get(home, ())) if home else [] for home in found]


def confirmed_or_in_basket(circles: Sequence[Circle], among: Q) -> list[list[Registration]]:
    """As `taken.confirmed_or_in_basket`, in three queries."""
    homes = homes_of(_asking(circles))
    children = _children(homes)
    people = {each.id for circle in circles for each in circle.participants}.union(*children.values())
    confirmed = Q(Q(participant_id__in=people) | Q(basket__guardian_id__in=homes), status=Status.CONFIRMED)
    pending = Q(basket__guardian_id__in=_asking(circles), basket__closed_at=None, status__in=PENDING)
    rows = _Rows(with_options(Registration.objects.filter(confirmed | pending).filter(among)), homes)
    return [rows.of(circle, children.get(_home(circle, homes), set())) for circle in circles]


@dataclass(init=False, slots=True)
class _Rows:
    """Those that are confirmed by participant and by home, and what is not paid by who has it in their basket."""

    homes: Mapping[UUID, UUID]
    confirmed_for: Mapping[UUID, list[Registration]]
    confirmed_at: Mapping[UUID, list[Registration]]
    pending: Mapping[UUID | None, list[Registration]]

    def __init__(self, rows: QuerySet[Registration], homes: Mapping[UUID, UUID]) -> None:
        found = list(rows.select_related("basket"))
        confirmed = [row for row in found if row.status == Status.CONFIRMED]
        at_home = [row for row in confirmed if row.basket.guardian_id in homes]
        self.homes = homes
        self.confirmed_for = _by(confirmed, lambda row: row.participant_id)
        self.confirmed_at = _by(at_home, lambda row: homes[row.basket.guardian_id])
        self.pending = _by((row for row in found if row.status in PENDING), lambda row: row.basket.guardian_id)

    def of(self, circle: Circle, children: set[UUID]) -> list[Registration]:
        people = children | {each.id for each in circle.participants}
        home = _home(circle, self.homes)
        rows = [row for each in people for row in self.confirmed_for.get(each, ())]
        rows += self.confirmed_at.get(home, []) if home else []
        rows += self.pending.get(circle.guardian_id, [])
        return list({row.id: row for row in rows}.values())


def _children(homes: Mapping[UUID, UUID]) -> dict[UUID | None, set[UUID]]:
    found: dict[UUID | None, set[UUID]] = {}
    links = Guardianship.objects.filter(guardian_id__in=homes, is_blocked=False)
    for guardian_id, participant_id in links.values_list("guardian_id", "participant_id"):
        found.setdefault(homes[guardian_id], set()).add(participant_id)
    return found


def _asking(circles: Iterable[Circle]) -> set[UUID]:
    return {circle.guardian_id for circle in circles if circle.guardian_id}


def _home(circle: Circle, homes: Mapping[UUID, UUID]) -> UUID | None:
    return homes.get(circle.guardian_id) if circle.guardian_id else None


def _by(rows: Iterable[Registration], key: Callable[[Registration], K]) -> dict[K, list[Registration]]:
    found: dict[K, list[Registration]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found
