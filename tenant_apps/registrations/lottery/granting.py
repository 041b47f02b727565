"""Writes what a draw gave, for thousands of families in a few statements: places held, ranks for those who wait."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from kernel.database import connection
from tenant_apps.registrations import places, pricing, waiting_terms
from tenant_apps.registrations.lottery.algorithm import Got
from tenant_apps.registrations.lottery.reading import Choice, Wish
from tenant_apps.registrations.models import Basket, PlaceRequest, Registration, RequestStatus, Status
from tenant_apps.registrations.states import move, move_requests

_REQUESTS, _REGISTRATIONS = PlaceRequest._meta.db_table, Registration._meta.db_table
# A value of its own for each of thousands of rows, in one statement.
_RANKS = f"""
    UPDATE {_REQUESTS} SET drawn = said.rank
    FROM unnest(%s::uuid[], %s::int[]) AS said(id, rank) WHERE {_REQUESTS}.id = said.id
"""  # noqa: S608
_PRICES = f"""
    UPDATE {_REGISTRATIONS}
    SET basket_id = said.basket, unit_cents = said.unit, amount_cents = said.amount, quote = said.quote::jsonb
    FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::int[], %s::text[]) AS said(id, basket, unit, amount, quote)
    WHERE {_REGISTRATIONS}.id = said.id
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
    """Those who won hold their places until `until`; those who wait are served by their rank."""
    _write_ranks(ranks)
    _hold(found.won, until=until, at=at)
    move_requests(_requests(found.won), RequestStatus.OFFERED, offered_at=at, offered_until=until)
    move_requests(_requests(found.waiting), RequestStatus.WAITING, queued_at=at)
    move_requests(_requests(found.superseded), RequestStatus.SUPERSEDED, ended_at=at)
    move_requests(_requests(found.over), RequestStatus.LEFT, ended_at=at)
    for ended in (found.superseded, found.over):
        rows = [line.id for choice in ended for line in choice.lines]
        move(Registration.objects.filter(pk__in=rows), Status.RELEASED, ended_at=at)
    demand: Counter[UUID] = Counter()
    for line in _lines(found.won):
        demand[line.option_id] += line.quantity
    places.take(demand)


def _hold(won: Sequence[Choice], *, until: datetime, at: datetime) -> None:
    baskets = _baskets({choice.request.guardian_id for choice in won}, at)
    ordered = sorted(won, key=lambda choice: choice.request.guardian_id)
    for guardian_id, own in groupby(ordered, key=lambda choice: choice.request.guardian_id):
        lines = list(_lines(own))
        for line in lines:
            line.basket = baskets[guardian_id]
        pricing.put_prices(baskets[guardian_id], lines, at=at)
    rows = list(_lines(won))
    _write_prices(rows)
    move(Registration.objects.filter(pk__in=[row.id for row in rows]), Status.HELD, held_until=until)


def _baskets(guardian_ids: set[UUID], at: datetime) -> dict[UUID, Basket]:
    """Their open baskets as they are at this moment."""
    is_open = Basket.objects.filter(guardian_id__in=guardian_ids, closed_at=None)
    lacking = guardian_ids - set(is_open.values_list("guardian_id", flat=True))
    new = [Basket(guardian_id=guardian_id, created_at=at) for guardian_id in sorted(lacking)]
    Basket.objects.bulk_create(new, ignore_conflicts=True)
    return {basket.guardian_id: basket for basket in is_open.all()}


def _write_ranks(ranks: Mapping[UUID, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_RANKS, [list(ranks), list(ranks.values())])


def _write_prices(rows: Sequence[Registration]) -> None:
    columns: list[Any] = [
        [row.id for row in rows],
        [row.basket_id for row in rows],
        [row.unit_cents for row in rows],
        [row.amount_cents for row in rows],
        [json.dumps(row.quote) for row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PRICES, columns)


def _requests(choices: Iterable[Choice]) -> QuerySet[PlaceRequest]:
    return PlaceRequest.objects.filter(pk__in=[choice.request.id for choice in choices])


def _lines(choices: Iterable[Choice]) -> Iterable[Registration]:
    return (line for choice in choices for line in choice.lines)
