"""Gives positions: to everybody at the draw, then one after the other. Who calls these holds the opening's row."""

from collections.abc import Mapping
from uuid import UUID

from kernel.database import connection
from tenant_apps.openings import ordering
from tenant_apps.openings.models import Channel, Opening, Ticket
from tenant_apps.openings.terms import terms_of

_TICKETS = Ticket._meta.db_table
_GIVE = (
    f"UPDATE {_TICKETS} AS ticket SET position = given.position"  # noqa: S608 - the name of our own table
    " FROM unnest(%s::uuid[], %s::int[]) AS given (id, position)"
    " WHERE ticket.id = given.id AND ticket.position IS NULL"
)
_FREE = (
    "SELECT min(kept) FROM generate_series(%s::int, %s::int, %s::int) AS kept"  # noqa: S608
    f" WHERE NOT EXISTS (SELECT 1 FROM {_TICKETS} WHERE opening_id = %s AND position = kept)"
)


def draw_all(opening: Opening) -> int:
    """Everybody who has none, in the order of the seed. Returns the last position."""
    _one_for_each_family(opening)
    found = dict(Ticket.objects.filter(opening=opening, position=None).values_list("id", "channel"))
    drawn = ordering.order(opening.seed, found)
    share = terms_of(opening).counter_share
    if share <= 0:
        given = {ticket_id: number for number, ticket_id in enumerate(drawn, 1)}
    else:
        web = [each for each in drawn if found[each] == Channel.WEB]
        desk = [each for each in drawn if found[each] == Channel.COUNTER]
        given = ordering.in_line(web, desk, counter_share=share)
    _write(given)
    return max(given.values(), default=0)


def give_next(opening: Opening, ticket: Ticket) -> None:
    """The first that is kept for the counter, for who comes there first; else one after the last."""
    is_kept_for = ticket.channel == Channel.COUNTER and not ticket.is_given_up
    position = _kept_for_counter(opening) if is_kept_for else None
    if position is None:
        position = opening.last_position + 1
        every = ordering.every(terms_of(opening).counter_share)
        if ticket.channel == Channel.WEB and every and position % every == 0:
            position += 1
    if Ticket.objects.filter(pk=ticket.pk, position=None).update(position=position):
        ticket.position = position
        opening.last_position = max(opening.last_position, position)
        Opening.objects.filter(pk=opening.pk).update(last_position=opening.last_position)


def _one_for_each_family(opening: Opening) -> None:
    """Adults who came to live together since each took a turn have one, the first that was taken."""
    tickets = Ticket.objects.filter(opening=opening).order_by("joined_at", "id")
    known: set[UUID] = set()
    twins = []
    for ticket_id, guardian_id, household_id in tickets.values_list("id", "guardian_id", "guardian__household_id"):
        family = household_id or guardian_id
        if family in known:
            twins.append(ticket_id)
        known.add(family)
    if twins:
        Ticket.objects.filter(pk__in=twins).delete()


def _kept_for_counter(opening: Opening) -> int | None:
    every = ordering.every(terms_of(opening).counter_share)
    if every is None:
        return None
    first = (opening.admitted // every + 1) * every
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [first, opening.last_position, every, opening.pk])
        [found] = cursor.fetchone() or [None]
    return int(found) if found is not None else None


def _write(given: Mapping[UUID, int]) -> None:
    if given:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE, [list(given), list(given.values())])
