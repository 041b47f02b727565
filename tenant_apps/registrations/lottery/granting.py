"""Writes what a draw gave, for thousands of families in a few statements: places held, ranks for those who wait."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from kernel.database import connection
from tenant_apps.registrations import places, pricing, waiting_terms
from tenant_apps.registrations.lottery.algorithm import Got
from tenant_apps.registrations.lottery.reading import Choice, Wish
from tenant_apps.registrations.models import Basket, PlaceRequest, Registration, RequestStatus

_REQUESTS, _REGISTRATIONS = PlaceRequest._meta.db_table, Registration._meta.db_table
# A value of its own for each of thousands of rows, in one statement.
_TELL = f"""
    UPDATE {_REQUESTS} SET drawn = said.rank, status = said.status,
        queued_at = CASE said.status WHEN 'waiting' THEN %(at)s ELSE queued_at END,
        offered_at = CASE said.status WHEN 'offered' THEN %(at)s END,
        offered_until = CASE said.status WHEN 'offered' THEN %(until)s END,
        ended_at = CASE WHEN said.status IN ('superseded', 'left') THEN %(at)s END
    FROM unnest(%(ids)s::uuid[], %(ranks)s::int[], %(statuses)s::text[]) AS said(id, rank, status)
    WHERE {_REQUESTS}.id = said.id AND {_REQUESTS}.status = 'wished'
"""  # noqa: S608
_HOLD = f"""
    UPDATE {_REGISTRATIONS} SET status = 'held', held_until = %s,
        basket_id = said.basket, unit_cents = said.unit, amount_cents = said.amount, quote = said.quote::jsonb
    FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::int[], %s::text[]) AS said(id, basket, unit, amount, quote)
    WHERE {_REGISTRATIONS}.id = said.id AND {_REGISTRATIONS}.status = 'requested'
"""  # noqa: S608
_RELEASE = f"""
    UPDATE {_REGISTRATIONS} SET status = 'released', ended_at = %s WHERE id = ANY(%s) AND status = 'requested'
"""  # noqa: S608


@dataclass
class Sorted:
    """The choices, by what becomes of them."""

    won: list[Choice] = field(default_factory=list)
    waiting: list[Choice] = field(default_factory=list)
    # Another choice of the same wish was had, or as many others as a limit allows.
    superseded: list[Choice] = field(default_factory=list)
    # Not had, and there is no list to wait on.
    over: list[Choice] = field(default_factory=list)


def sort(wishes: Sequence[Wish], got: Mapping[str, Got], barred: set[UUID]) -> Sorted:
    """`barred`: the requests that a rule stands against, now that everything is given."""
    found, usual = Sorted(), waiting_terms.usual()
    for wish in wishes:
        won = got[str(wish.group)].choice
        for number, choice in enumerate(wish.choices, 1):
            if number == won:
                found.won.append(choice)
            elif won is not None or choice.request.id in barred:
                found.superseded.append(choice)
            elif is_listed(choice, usual):
                found.waiting.append(choice)
            else:
                found.over.append(choice)
    return found


def is_listed(choice: Choice, usual: Mapping[str, Any]) -> bool:
    """Whether all of it can be waited for; `usual` as registrations.waiting_terms says."""
    terms = (waiting_terms.terms_in(usual, line.option.offering) for line in choice.lines)
    return all(each.mode != waiting_terms.Mode.OFF for each in terms)


def grant(found: Sorted, ranks: Mapping[UUID, int], *, until: datetime, at: datetime) -> None:
    """Those who won hold their places until `until`; those who wait are served by their rank.

    Everything goes from WISHED, or REQUESTED, as registrations.states allows.
    """
    _hold(found.won, until=until, at=at)
    _tell(found, ranks, until=until, at=at)
    ended = [line.id for line in _lines([*found.superseded, *found.over])]
    _execute(_RELEASE, [at, ended])
    demand: Counter[UUID] = Counter()
    for line in _lines(found.won):
        demand[line.option_id] += line.quantity
    places.take(demand)


def _tell(found: Sorted, ranks: Mapping[UUID, int], *, until: datetime, at: datetime) -> None:
    became = [
        (choice.request.id, status)
        for status, choices in (
            (RequestStatus.OFFERED, found.won),
            (RequestStatus.WAITING, found.waiting),
            (RequestStatus.SUPERSEDED, found.superseded),
            (RequestStatus.LEFT, found.over),
        )
        for choice in choices
    ]
    columns = {
        "ids": [request_id for request_id, _status in became],
        "ranks": [ranks[request_id] for request_id, _status in became],
        "statuses": [str(status) for _request_id, status in became],
    }
    _execute(_TELL, {**columns, "at": at, "until": until})


def _hold(won: Sequence[Choice], *, until: datetime, at: datetime) -> None:
    baskets = _baskets({choice.request.guardian_id for choice in won}, at)
    ordered = sorted(won, key=lambda choice: choice.request.guardian_id)
    lines_of = [
        (baskets[guardian_id], list(_lines(own)))
        for guardian_id, own in groupby(ordered, key=lambda choice: choice.request.guardian_id)
    ]
    for basket, lines in lines_of:
        for line in lines:
            line.basket = basket
    pricing.put_prices_of_each(lines_of, at=at)
    rows = list(_lines(won))
    columns: list[Any] = [
        [row.id for row in rows],
        [row.basket_id for row in rows],
        [row.unit_cents for row in rows],
        [row.amount_cents for row in rows],
        [json.dumps(row.quote) for row in rows],
    ]
    _execute(_HOLD, [until, *columns])


def _baskets(guardian_ids: set[UUID], at: datetime) -> dict[UUID, Basket]:
    """Their open baskets as they are at this moment."""
    is_open = Basket.objects.filter(guardian_id__in=guardian_ids, closed_at=None)
    lacking = guardian_ids - set(is_open.values_list("guardian_id", flat=True))
    new = [Basket(guardian_id=guardian_id, created_at=at) for guardian_id in sorted(lacking)]
    Basket.objects.bulk_create(new, ignore_conflicts=True)
    return {basket.guardian_id: basket for basket in is_open.all()}


def _execute(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _lines(choices: Iterable[Choice]) -> Iterable[Registration]:
    return (line for choice in choices for line in choice.lines)
