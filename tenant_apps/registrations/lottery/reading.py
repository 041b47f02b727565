"""The wishes of an opening with all that a draw asks of them, in a number of queries that does not grow with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.db.models import QuerySet

from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be had together: its lines have their option, offering and participant loaded."""

    request: PlaceRequest
    lines: list[Registration]


@dataclass(frozen=True, slots=True)
class Wish:
    """One need of a family: its choices in the order of its preference."""

    group: UUID
    guardian: Guardian
    choices: list[Choice]

    @property
    def family(self) -> UUID:
        """Whose limits it counts against."""
        return self.guardian.family_id

    @property
    def participants(self) -> dict[UUID, Participant]:
        return {line.participant_id: line.participant for line in self.lines}

    @property
    def children(self) -> dict[UUID, None]:
        """The identifiers of the participants, each once, in the order of the lines."""
        return dict.fromkeys(line.participant_id for line in self.lines)

    @property
    def lines(self) -> Iterator[Registration]:
        return (line for choice in self.choices for line in choice.lines)


def wishes_of(opening_id: UUID, guardian_id: UUID | None = None) -> list[Wish]:
    """Everybody's or one guardian's, each family's in its own order, which is that of `asked_at`."""
    wished = PlaceRequest.objects.filter(opening_id=opening_id, status=RequestStatus.WISHED)
    if guardian_id is not None:
        wished = wished.filter(guardian_id=guardian_id)
    requests = list(wished.order_by("asked_at", "group", "rank"))
    guardians = Guardian.objects.in_bulk(list({request.guardian_id for request in requests}))
    for request in requests:
        request.guardian = guardians[request.guardian_id]
    lines = lines_of(wished)
    choices = [Choice(request, lines[request.id]) for request in requests if lines.get(request.id)]
    return [
        Wish(group, found[0].request.guardian, found)
        for group, found in ((group, list(each)) for group, each in groupby(choices, key=lambda one: one.request.group))
    ]


def lines_of(requests: QuerySet[PlaceRequest]) -> dict[UUID, list[Registration]]:
    """By request, in three queries."""
    rows = list(Registration.objects.filter(request__in=requests.order_by()).order_by("id"))
    options = Option.objects.select_related("offering__season", "offering__category").in_bulk(
        list({row.option_id for row in rows})
    )
    participants = Participant.objects.in_bulk(list({row.participant_id for row in rows}))
    by_request: dict[UUID, list[Registration]] = {}
    for row in rows:
        row.option, row.participant = options[row.option_id], participants[row.participant_id]
        if row.request_id is not None:
            by_request.setdefault(row.request_id, []).append(row)
    return by_request
