"""What a family waits for: its rank for each choice, what was offered to it, and what its answer would do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.models import Offering
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.registrations import waiting, waiting_terms
from tenant_apps.registrations.claims import Claim, claim_of
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus
from tenant_apps.registrations.waiting_terms import Terms, Usual


@dataclass(frozen=True)
class Place:
    """One choice for one participant; `rank` is None once it is offered."""

    line: Registration
    rank: int | None


@dataclass(frozen=True)
class Waited:
    """One request as the family reads it: what is had together, or not at all."""

    request: PlaceRequest
    places: list[Place]
    terms: Terms

    @property
    def offering(self) -> Offering:
        return self.places[0].line.option.offering

    @property
    def is_offered(self) -> bool:
        return self.request.status == RequestStatus.OFFERED

    @property
    def is_together(self) -> bool:
        return len(self.places) > 1


def of_family(guardian: Guardian) -> list[Waited]:
    """Offers first, then in the order of the list; nothing of a child from whom the guardian is kept away."""
    requests = waiting.of_guardian(guardian.id)
    ranks = waiting.ranks(requests) if requests else {}
    usual = waiting_terms.usual() if requests else {}
    found = [_waited(request, ranks, usual) for request in requests if lines_of(request)]
    return sorted(found, key=lambda each: not each.is_offered)


def ranks_of(waited: Iterable[Waited], participant: Participant | None) -> dict[UUID, int]:
    """By option, where this participant stands in its list."""
    places = (place for each in waited for place in each.places)
    return {
        place.line.option_id: place.rank
        for place in places
        if place.rank is not None and place.line.participant == participant
    }


def siblings_of(waited: Iterable[Waited], participant: Participant | None) -> dict[UUID, list[Participant]]:
    """By option, the others of the family who wait for it too."""
    found: dict[UUID, list[Participant]] = {}
    for each in waited:
        for place in each.places:
            if not each.is_offered and place.line.participant != participant:
                found.setdefault(place.line.option_id, []).append(place.line.participant)
    return found


@operation
def ask(
    *, guardian: Guardian, claims: Sequence[Claim], together: bool, actor: Actor, at: datetime
) -> list[PlaceRequest]:
    """Wait for each of the claims; `together`: for each option along with the siblings who wait for it already.

    What is asked together takes its rank now: the siblings give up theirs. Raises the refusals of a waiting list.
    """
    asked: list[PlaceRequest] = []
    for claim in claims:
        joined = _waiting_for(guardian, claim.option_id) if together else []
        for request in joined:
            waiting.leave(request_id=request.id, guardian_id=guardian.id, actor=actor, at=at)
        wanted = [claim_of(line) for request in joined for line in lines_of(request)] + [claim]
        asked += waiting.ask(guardian_id=guardian.id, claims=wanted, together=bool(joined), actor=actor, at=at)
    return asked


def lines_of(request: PlaceRequest) -> list[Registration]:
    return list(request.registrations.all())


def _waiting_for(guardian: Guardian, option_id: UUID) -> list[PlaceRequest]:
    requests = (each for each in waiting.of_guardian(guardian.id) if each.status == RequestStatus.WAITING)
    return [each for each in requests if any(line.option_id == option_id for line in lines_of(each))]


def _waited(request: PlaceRequest, ranks: dict[tuple[UUID, UUID], int], usual: Usual) -> Waited:
    lines = lines_of(request)
    places = [Place(line, ranks.get((request.id, line.option_id))) for line in lines]
    return Waited(request, places, waiting_terms.terms_together(usual, [line.option.offering for line in lines]))
