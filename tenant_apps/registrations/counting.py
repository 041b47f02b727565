"""How many places are left, for whom: what is taken, what quotas share, what ran out, who waits."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from kernel.kept import kept
from tenant_apps.registrations import counters
from tenant_apps.registrations.models import Places, Registration, RequestStatus, Status

Rows = dict[UUID, Places]


def left(option_ids: Iterable[UUID], *, at: datetime) -> dict[UUID, int | None]:
    """Places that anybody may take, by option; None where they are unlimited.

    A hold that ran out is a free place, unless somebody waits for it: then it is theirs (registrations.serving), and
    who comes anew is told at once that there is none. What is set aside for who waits is not left either.
    """
    rows = _rows(option_ids)
    near = rows | around(rows.values())
    lapsed = _lapsed(near, at)
    for option_id in waited_for(lapsed) if lapsed else ():
        del lapsed[option_id]
    for option_id, places in list(lapsed.items()):
        for quota_id in near[option_id].shared:
            lapsed[quota_id] += places
    return {option_id: _left_of(row, near, lapsed) for option_id, row in rows.items()}


def unsold(option_ids: Iterable[UUID]) -> dict[UUID, int | None]:
    """Places that nobody has, by option, those set aside for who waits included; None where they are unlimited."""
    rows = _rows(option_ids)
    near = rows | around(rows.values())
    kept = {key: row.set_aside for key, row in near.items()}
    return {option_id: _left_of(row, near, kept) for option_id, row in rows.items()}


def tight() -> list[UUID]:
    """The options that may be full: that have no place left themselves, or share theirs with others."""
    is_full = Q(capacity__lte=F("taken") + F("set_aside"))
    return list(Places.objects.filter(is_full | ~Q(shared=[])).values_list("option_id", flat=True))


def waited_for(option_ids: Collection[UUID]) -> set[UUID]:
    """Those of them that somebody waits for, or that share a quota with one that somebody waits for."""
    rows = _rows(option_ids)
    near = rows | around(rows.values())
    waiting = Registration.objects.filter(
        option__in=list(near), status=Status.REQUESTED, request__status=RequestStatus.WAITING
    )
    waited = set(waiting.order_by().values_list("option_id", flat=True))
    quotas = {quota_id for option_id in waited for quota_id in near[option_id].shared}
    return {row.option_id for row in rows.values() if row.option_id in waited or not quotas.isdisjoint(row.shared)}


def options_in_the_way(demand: Mapping[UUID, int]) -> set[UUID]:
    """The options whose places would have to come free for this demand to be met; none where there is room."""
    rows = _rows(demand)
    near = rows | around(rows.values())
    needed = counters.need(demand, rows)
    tight = {key for key, quantity in needed.items() if key in near and not counters.is_open(near[key], quantity)}
    return {row.option_id for row in near.values() if row.option_id in tight or not tight.isdisjoint(row.shared)}


def around(rows: Iterable[Places]) -> Rows:
    """The quotas of these counters, and the options that share them; no query where they share nothing."""
    quotas = {quota_id for row in rows for quota_id in row.shared}
    if not quotas:
        return {}
    near = Places.objects.filter(Q(pk__in=quotas) | Q(shared__overlap=list(quotas)))
    return {row.option_id: row for row in near}


def reach(ids: Iterable[UUID]) -> set[UUID]:
    """These options and those that share a quota with them, or that share it where an identifier is a quota's."""
    wanted = set(ids)
    near = {row.option_id: row for row in Places.objects.filter(Q(pk__in=wanted) | Q(shared__overlap=list(wanted)))}
    near |= around(near.values())
    return set(near) - {quota_id for row in near.values() for quota_id in row.shared}


def _rows(ids: Iterable[UUID]) -> Rows:
    asked = list(set(ids))
    return {row.option_id: row for row in _counters(asked)} if asked else {}


@kept
def _counters(ids: list[UUID]) -> QuerySet[Places]:
    return Places.objects.filter(pk__among=ids)


def _lapsed(option_ids: Iterable[UUID], at: datetime) -> Counter[UUID]:
    asked = list(option_ids)
    return Counter(dict(_run_out(asked, at))) if asked else Counter()


@kept
def _run_out(option_ids: list[UUID], at: datetime) -> QuerySet[Registration, tuple[UUID, int]]:
    held = Registration.objects.filter(option_id__among=option_ids, status=Status.HELD, held_until__lte=at)
    return held.values("option_id").order_by().values_list("option_id", Sum("quantity"))


def _left_of(row: Places, near: Rows, lapsed: Mapping[UUID, int]) -> int | None:
    limits = [
        max(counter.capacity - counter.taken - counter.set_aside + lapsed.get(counter.option_id, 0), 0)
        for counter in (row, *(near[quota_id] for quota_id in row.shared))
        if counter.capacity is not None
    ]
    return min(limits, default=None)
