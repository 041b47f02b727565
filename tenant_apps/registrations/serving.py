"""Free places go to who waits for them, by rank, in the very transaction that frees them.

A request that needs more places than are free is passed over and keeps its rank. What stays free while somebody waits
for it is set aside, so that nobody who comes anew overtakes them. The counters are locked from the first look to the
last write: two who free places, or ask for them, at the same instant see each other.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import F, Q, QuerySet

from kernel.transactions import operation
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.catalog.models import Option
from tenant_apps.registrations import counters, counting, errors, locks, offers, waiting_terms
from tenant_apps.registrations.models import PlaceRequest, Places, Registration, RequestStatus, Status
from tenant_apps.registrations.offers import Asked
from tenant_apps.registrations.waiting_terms import Mode

_ORDER = ("request__queued_at", "request__drawn", "request_id", "option_id", "id")
_NAMES = ("request", "participant", "option__offering__season", "option__offering__category")


@operation
def serve(ids: Iterable[UUID], *, at: datetime, but: Collection[UUID] = ()) -> None:
    """Offer what is free of these options and quotas, and set aside the rest for those who wait.

    `but` are requests that have just refused these very places: they are neither offered them, nor waited for.
    """
    affected = counting.reach(ids)
    if _concern_nobody(affected):
        return
    rows = lock_counters(affected)
    waiting = [asked for asked in _waiting(affected) if counters.wanted(asked.registrations).keys() <= rows.keys()]
    before = {key: (row.taken, row.set_aside) for key, row in rows.items()}
    demand = _offer(waiting, rows, but, at)
    counters.set_aside(rows, affected, demand)
    counters.save([row for key, row in rows.items() if (row.taken, row.set_aside) != before[key]])


@operation
def serve_by_hand(*, request_id: UUID, actor: Actor, at: datetime) -> None:
    """Offer to this one, whatever its rank. Raises NotWaiting or OptionFull."""
    options = counting.reach(_requested().filter(request_id=request_id).values_list("option_id", flat=True))
    rows = lock_counters(options)
    found = _asked(_requested().filter(request_id=request_id))
    if not found:
        raise errors.NotWaiting
    [asked] = found
    needed = counters.need(counters.wanted(asked.registrations), rows)
    _refuse_short(asked, counters.short(needed, rows), rows)
    hours = _terms(asked, waiting_terms.usual()).offer_hours
    if not offers.make(asked, hours=hours, actor=actor, at=at):
        raise errors.NotWaiting
    counters.take(needed, rows)
    counters.save(rows.values())
    serve(options, at=at)


def serve_the_overlooked(*, at: datetime) -> None:
    """Who was never offered anything, though there is room: a rule or a list has changed, and no place came free."""
    new = _requested().filter(request__offered_at=None)
    options = new.order_by().values("option_id")
    has_room = Q(capacity=None) | Q(capacity__gt=F("taken"))
    free = set(Places.objects.filter(has_room, pk__in=options).values_list("pk", flat=True))
    if not free:
        return
    usual = waiting_terms.usual()
    # Who has refused these places, and goes on waiting, is not asked again each time.
    asked = PlaceRequest.objects.filter(status=RequestStatus.WAITING).exclude(offered_at=None)
    but = set(asked.values_list("pk", flat=True))
    for option in Option.objects.filter(pk__in=free).select_related("offering").order_by("pk"):
        if waiting_terms.terms_in(usual, option.offering).mode is Mode.AUTOMATIC:
            serve([option.pk], at=at, but=but)


def lock_counters(affected: Collection[UUID]) -> dict[UUID, Places]:
    """Those of these options, and of all that who waits for them needs besides, in the one order."""
    return locks.counters(concerned(affected))


def concerned(affected: Collection[UUID]) -> set[UUID]:
    return {*affected, *(each.option_id for asked in _waiting(affected) for each in asked.registrations)}


def _concern_nobody(affected: Collection[UUID]) -> bool:
    """Where nobody waits and nothing is set aside any more, there is nothing to do, nor to lock."""
    if _requested().filter(option__in=affected).exists():
        return False
    rows = list(Places.objects.filter(pk__in=affected))
    return not any(row.set_aside for row in (*rows, *counting.around(rows).values()))


def _requested() -> QuerySet[Registration]:
    return Registration.objects.filter(status=Status.REQUESTED, request__status=RequestStatus.WAITING)


def _waiting(affected: Collection[UUID]) -> list[Asked]:
    """Who waits for one of these options at least, by rank."""
    requests = _requested().filter(option__in=affected).order_by().values("request_id")
    return _asked(_requested().filter(request__in=requests))


def _asked(requested: QuerySet[Registration]) -> list[Asked]:
    rows = requested.select_related(*_NAMES).order_by(*_ORDER)
    by_request = groupby(rows, key=lambda registration: registration.request)
    return [Asked(request, list(group)) for request, group in by_request if request is not None]


def _offer(waiting: Sequence[Asked], rows: dict[UUID, Places], but: Collection[UUID], at: datetime) -> Counter[UUID]:
    """Offer by rank to those for whom there is room. Returns what the others go on waiting for, by option."""
    demand: Counter[UUID] = Counter()
    usual = waiting_terms.usual() if waiting else {}
    offered = _offered_groups(waiting)
    for asked in waiting:
        terms = _terms(asked, usual)
        if asked.request.id in but or asked.request.group in offered or terms.mode is Mode.OFF:
            continue
        wanted = counters.wanted(asked.registrations)
        needed = counters.need(wanted, rows)
        if terms.mode is Mode.MANUAL or counters.short(needed, rows):
            # More than there are at all is never free at once: nothing is set aside for it.
            demand.update(wanted if counters.can_ever_fit(needed, rows) else {})
        elif offers.make(asked, hours=terms.offer_hours, actor=SYSTEM, at=at):
            counters.take(needed, rows)
            offered.add(asked.request.group)
    return demand


def _offered_groups(waiting: Sequence[Asked]) -> set[UUID]:
    """Of alternatives, one at most is granted: while one is offered, the others wait for the answer."""
    if not waiting:
        return set()
    groups = PlaceRequest.objects.filter(group__in=[asked.request.group for asked in waiting])
    return set(groups.filter(status=RequestStatus.OFFERED).order_by().values_list("group", flat=True))


def _terms(asked: Asked, usual: waiting_terms.Usual) -> waiting_terms.Terms:
    return waiting_terms.terms_together(usual, [each.option.offering for each in asked.registrations])


def _refuse_short(asked: Asked, short: set[UUID], rows: dict[UUID, Places]) -> None:
    options = {each.option_id: each.option for each in asked.registrations}
    full = [key for key in options if key in short or not short.isdisjoint(rows[key].shared)]
    if full:
        raise errors.OptionFull(full, [str(options[key]) for key in full])
