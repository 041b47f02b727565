"""Which families are called next, and how many: as many as the machine serves well, and as may choose at once."""

from datetime import datetime, timedelta

from tenant_apps.openings import ordering, pace, positions, queries
from tenant_apps.openings.models import Opening, Ticket
from tenant_apps.openings.terms import terms_of

# At most one call a second, whoever asks for it.
TICK = timedelta(seconds=1)
# Nobody asked for a while: what was not called then is not called all at once.
_LONGEST = timedelta(seconds=5)
# Who was called is expected for this long; later they still come in, over the number.
_EXPECTED = timedelta(minutes=1)
# The queue ends by itself once nobody came to it, nor waited in it, for this long.
QUIET = timedelta(minutes=30)


def due(opening: Opening, *, at: datetime) -> int:
    """How many the pace allows since the last call; parts of a family are kept for the next."""
    since = opening.admitted_at or opening.drawn_at or at
    rate = min(opening.rate, terms_of(opening).most_per_second)
    return int(round(rate * min(max(at - since, timedelta()), _LONGEST).total_seconds(), 6))


def next_rate(opening: Opening) -> float:
    """By what this process measures; what made it slower is then forgotten."""
    p95 = pace.REQUESTS.p95()
    rate = pace.next_rate(opening.rate, most=terms_of(opening).most_per_second, p95=p95)
    if rate < opening.rate:
        pace.REQUESTS.forget()
    return rate


def call(opening: Opening, *, most: int, at: datetime) -> int:
    """Call the next in line, whose row of the opening the caller holds. Returns how many."""
    _seat_latecomers(opening)
    room = terms_of(opening).at_once - queries.in_use(opening, at=at, called_since=at - _EXPECTED)
    called = list(queries.waiting(opening).values_list("position", flat=True)[: max(0, min(most, room))])
    last = called[-1] if called else None
    if last is None:
        return 0
    between = Ticket.objects.filter(opening=opening, position__gt=opening.admitted, position__lte=last)
    between.update(called_at=at)
    Opening.objects.filter(pk=opening.pk).update(admitted=last)
    opening.admitted = last
    return len(called)


def is_quiet(opening: Opening, *, at: datetime) -> bool:
    """True once the rush is over: nobody waits, and nobody joined for a while."""
    if at < opening.opens_at + QUIET or queries.waiting(opening).exists():
        return False
    return not Ticket.objects.filter(opening=opening, joined_at__gt=at - QUIET).exists()


def _seat_latecomers(opening: Opening) -> None:
    """Who was joining at the very instant of the draw comes after those who were drawn."""
    late = {each.id: each for each in Ticket.objects.filter(opening=opening, position=None, is_given_up=False)}
    for ticket_id in ordering.order(opening.seed, late):
        positions.give_next(opening, late[ticket_id])
