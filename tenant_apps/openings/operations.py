"""The moves of a waiting room: join, draw, admit, enter, finish, leave, end. Each is one transaction."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.families.models import Guardian
from tenant_apps.openings import calling, errors, pace, positions, queries
from tenant_apps.openings.models import Channel, Mode, Opening, Ticket
from tenant_apps.openings.queries import Turn, turn_of
from tenant_apps.openings.terms import terms_of


@operation
def join(*, opening_id: UUID, guardian_id: UUID, channel: Channel, actor: Actor, at: datetime) -> Ticket:
    """The family's turn: the one that it has, or a new one; at the end where its pass lapsed.

    Raises NotGathering or QueueOver.
    """
    opening = _queue(opening_id, at=at)
    if at < opening.gathers_from:
        raise errors.NotGathering
    if draw(opening_id=opening_id, at=at):
        opening.refresh_from_db()
    ticket = queries.ticket_of(opening_id, guardian_id)
    if ticket is not None and turn_of(ticket, at=at) is Turn.LAPSED:
        _give_up(ticket)
        ticket = None
    if ticket is None:
        ticket = _new_ticket(opening, guardian_id, channel, actor, at)
    if opening.drawn_at and ticket.position is None:
        positions.give_next(_held(opening_id), ticket)
    ticket.opening = opening
    return ticket


@operation
def leave(*, opening_id: UUID, guardian_id: UUID, actor: Actor, at: datetime) -> None:
    """Give the turn up. Whoever comes back comes back to the end."""
    ticket = queries.ticket_of(opening_id, guardian_id)
    if ticket is None:
        return
    _record("opening.left", ticket, actor, at)
    if ticket.position is None:
        ticket.delete()
    else:
        _give_up(ticket)


@operation
def draw(*, opening_id: UUID, at: datetime) -> bool:
    """Give everybody who gathered a position, once, as soon as it is time. True for whoever did it."""
    due = Opening.objects.filter(pk=opening_id, mode=Mode.QUEUE, drawn_at=None, ended_at=None, opens_at__lte=at)
    # One wins, whoever comes first: a family's page, a poll, or the task that comes round.
    if not due.update(drawn_at=at):
        return False
    opening = Opening.objects.get(pk=opening_id)
    last = positions.draw_all(opening)
    rate = pace.first_rate(terms_of(opening).most_per_second)
    Opening.objects.filter(pk=opening_id).update(last_position=last, rate=rate, admitted_at=at)
    audit.record(
        action="opening.ordered",
        subject="opening",
        subject_id=opening_id,
        actor=SYSTEM,
        at=at,
        details={"positions": last, "seed": opening.seed},
    )
    return True


@operation
def admit(*, opening_id: UUID, at: datetime) -> int:
    """Call the next families by the measured capacity, at most once a second. Returns how many."""
    opening = Opening.objects.get(pk=opening_id)
    if opening.mode != Mode.QUEUE or at < opening.opens_at or (opening.ended_at and opening.ended_at <= at):
        return 0
    if opening.drawn_at is None:
        draw(opening_id=opening_id, at=at)
        return 0
    if opening.rate <= 0:
        _wake(opening, at)
        return 0
    most = calling.due(opening, at=at)
    ticking = Opening.objects.filter(pk=opening_id).filter(Q(admitted_at=None) | Q(admitted_at__lte=at - calling.TICK))
    if most == 0 or not ticking.update(admitted_at=at, rate=calling.next_rate(opening)):
        return 0
    opening.refresh_from_db()  # ours alone until the end of the transaction
    called = calling.call(opening, most=most, at=at)
    if not called and calling.is_quiet(opening, at=at):
        end(opening_id=opening_id, actor=SYSTEM, at=at)
    return called


@operation
def enter(*, opening_id: UUID, guardian_id: UUID, at: datetime) -> Ticket:
    """Use the pass of a family that was called, for the first time or again while it lasts.

    Raises NotCalled, PassLapsed or QueueOver.
    """
    opening = _queue(opening_id, at=at)
    ticket = queries.ticket_of(opening_id, guardian_id)
    turn = turn_of(ticket, at=at) if ticket else None
    if ticket is None or turn not in (Turn.CALLED, Turn.INSIDE, Turn.LAPSED):
        raise errors.NotCalled
    if turn is Turn.LAPSED:
        raise errors.PassLapsed
    until = at + timedelta(minutes=terms_of(opening).pass_minutes)
    Ticket.objects.filter(pk=ticket.pk, pass_until=None).update(pass_until=until)
    ticket.refresh_from_db()
    return ticket


@operation
def finish(*, guardian_id: UUID, at: datetime, opening_id: UUID | None = None) -> None:
    """The family has what it came for: another is called in its place, and its own pass lasts until its end."""
    inside = queries.tickets_of(guardian_id).filter(pass_until__gt=at, done_at=None)
    (inside.filter(opening_id=opening_id) if opening_id else inside).update(done_at=at)


@operation
def end(*, opening_id: UUID, actor: Actor, at: datetime) -> None:
    """From now on everybody registers without a pass. Ending twice is ending once."""
    if Opening.objects.filter(pk=opening_id, ended_at=None).update(ended_at=at):
        audit.record(action="opening.ended", subject="opening", subject_id=opening_id, actor=actor, at=at)


def _queue(opening_id: UUID, *, at: datetime) -> Opening:
    opening = Opening.objects.get(pk=opening_id)
    if opening.mode != Mode.QUEUE or (opening.ended_at and opening.ended_at <= at):
        raise errors.QueueOver
    return opening


def _held(opening_id: UUID) -> Opening:
    return lock_one(Opening.objects.filter(pk=opening_id))


def _new_ticket(opening: Opening, guardian_id: UUID, channel: Channel, actor: Actor, at: datetime) -> Ticket:
    guardian = Guardian.objects.get(pk=guardian_id)
    # Another row, since pages and the memory of the processes know a turn by its identifier.
    had_one, _ = queries.given_up(opening.id, guardian).delete()
    ticket, is_new = Ticket.objects.get_or_create(
        opening=opening,
        family=guardian.family_id,
        defaults={"guardian": guardian, "channel": channel, "joined_at": at, "is_given_up": had_one > 0},
    )
    if is_new:
        _record("opening.joined", ticket, actor, at)
    return ticket


def _give_up(ticket: Ticket) -> None:
    """The row stays, so that no kept place is had in exchange by coming back through the counter."""
    Ticket.objects.filter(pk=ticket.pk).update(
        position=None, is_given_up=True, called_at=None, pass_until=None, done_at=None
    )


def _wake(opening: Opening, at: datetime) -> None:
    """Staff had stopped the queue, and let it go on."""
    if most := terms_of(opening).most_per_second:
        Opening.objects.filter(pk=opening.pk, rate=0).update(rate=pace.first_rate(most), admitted_at=at)


def _record(action: str, ticket: Ticket, actor: Actor, at: datetime) -> None:
    audit.record(
        action=action,
        subject="guardian",
        subject_id=ticket.guardian_id,
        actor=actor,
        at=at,
        details={"opening": str(ticket.opening_id), "channel": ticket.channel, "position": ticket.position},
    )
