"""Reads openings and turns. A family has one turn, whichever of its adults asks."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from tenant_apps.families.models import Guardian
from tenant_apps.openings.models import Mode, Opening, Ticket


class Turn(StrEnum):
    GATHERING = "gathering"
    WAITING = "waiting"
    CALLED = "called"
    INSIDE = "inside"
    LAPSED = "lapsed"


def turn_of(ticket: Ticket, *, at: datetime) -> Turn:
    """Where a family stands, as its ticket and its opening were read."""
    if ticket.pass_until is not None:
        return Turn.INSIDE if at < ticket.pass_until else Turn.LAPSED
    if ticket.position is None:
        return Turn.GATHERING
    return Turn.CALLED if ticket.position <= ticket.opening.admitted else Turn.WAITING


def tickets_of(guardian_id: UUID) -> QuerySet[Ticket]:
    """The family's: the guardian's own; where they never took one, that of whoever shares their household.

    Who joins a household after the draw does not come forward by it.
    """
    household = Guardian.objects.filter(pk=guardian_id).values("household_id")
    own = Ticket.objects.filter(guardian_id=guardian_id, opening=OuterRef("opening"))
    # « = (SELECT …) » rather than « IN »: both sides of the « or » are then looked up in an index.
    mine = Ticket.objects.filter(Q(guardian_id=guardian_id) | Q(~Exists(own), family=Subquery(household)))
    return mine.exclude(is_given_up=True, position=None)


def given_up(opening_id: UUID, guardian: Guardian) -> QuerySet[Ticket]:
    """The turns that the family let go of, and did not take again."""
    own = Q(guardian=guardian) | Q(family=guardian.family_id)
    return Ticket.objects.filter(own, opening_id=opening_id, is_given_up=True, position=None)


def ticket_of(opening_id: UUID, guardian_id: UUID) -> Ticket | None:
    """The best, where two adults took one each before they were known for one family."""
    own = tickets_of(guardian_id).filter(opening_id=opening_id).select_related("opening")
    return own.order_by(F("position").asc(nulls_last=True), "joined_at").first()


def passes(guardian_id: UUID, opening_ids: Iterable[UUID], *, at: datetime) -> set[UUID]:
    """Those of the openings in which the family may take something at that moment."""
    used = tickets_of(guardian_id).filter(opening_id__in=list(opening_ids), pass_until__gt=at)
    return set(used.values_list("opening_id", flat=True))


def waiting(opening: Opening) -> QuerySet[Ticket]:
    """Who has a position and was not called yet, in order."""
    return Ticket.objects.filter(opening=opening, position__gt=opening.admitted).order_by("position")


def ahead_of(ticket: Ticket) -> int:
    """How many families will be called before this one; a position that is kept for the counter counts as one."""
    return max(0, (ticket.position or 0) - ticket.opening.admitted - 1)


def in_use(opening: Opening, *, at: datetime, called_since: datetime) -> int:
    """How many families are choosing, or were called so lately that they are expected."""
    inside = Q(pass_until__gt=at, done_at=None)
    expected = Q(pass_until=None, done_at=None, called_at__gt=called_since)
    return Ticket.objects.filter(inside | expected, opening=opening).count()


def upcoming(*, at: datetime) -> QuerySet[Opening]:
    """Those that gather or will, or that are open and still ask for a turn; the first to open first."""
    return Opening.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at)).order_by("opens_at", "name")


def queues_at_work(*, at: datetime) -> QuerySet[Opening]:
    """Those in which somebody may have to be given a position, or called."""
    return upcoming(at=at).filter(mode=Mode.QUEUE, opens_at__lte=at)


def of_family(guardian_id: UUID, *, at: datetime) -> list[Ticket]:
    """The family's turns in what is not over."""
    own = tickets_of(guardian_id).filter(opening__in=upcoming(at=at)).select_related("opening")
    return list(own.order_by("opening__opens_at", F("position").asc(nulls_last=True)))
