"""Pages of objects, newest first, as every list of the API gives them."""

import json
import sqlite3
from collections.abc import Mapping

from deploy.sandbox.errors import Json, invalid, missing
from deploy.sandbox.work import Work

_COMPARISONS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_DEFAULT, _MOST = 10, 100


def page(
    work: Work,
    kind: str,
    params: Json,
    *,
    url: str,
    filters: Mapping[str, str] | None = None,
    fixed: Mapping[str, object] | None = None,
    likes: Mapping[str, list[str]] | None = None,
) -> Json:
    """Return one page.

    `filters` maps a parameter to the field it looks at; `fixed` holds for every reader; `likes` gives
    the patterns of which a field must match one.
    """
    wanted = dict(fixed or {})
    for name, field in (filters or {}).items():
        if name in params:
            wanted[field] = params[name]
    limit = _limit(params)
    rows = _rows(work, kind, params, _conditions(wanted, likes or {}), limit + 1)
    found = [json.loads(row["body"]) for row in rows[:limit]]
    if "ending_before" in params:
        found.reverse()
    return {"object": "list", "data": found, "has_more": len(rows) > limit, "url": url}


def of(bodies: list[Json], url: str) -> Json:
    """Return a whole list that is part of another object."""
    return {"object": "list", "data": bodies, "has_more": False, "url": url}


def _conditions(wanted: Mapping[str, object], likes: Mapping[str, list[str]]) -> list[tuple[str, object]]:
    conditions = [(f"json_extract(body, '$.{field}') = ?", value) for field, value in wanted.items()]
    for field, patterns in likes.items():
        like = f"EXISTS (SELECT 1 FROM json_each(?) WHERE json_extract(body, '$.{field}') GLOB value)"  # noqa: S608
        conditions.append((like, json.dumps(patterns)))
    return conditions


def _rows(work: Work, kind: str, params: Json, conditions: list[tuple[str, object]], limit: int) -> list[sqlite3.Row]:
    conditions = [("account = ?", work.account), ("kind = ?", kind), *conditions]
    conditions += [(f"created {sign} ?", moment) for sign, moment in _created(params)]
    order = "DESC"
    if "starting_after" in params:
        conditions.append(("seq < ?", _position(work, kind, params, "starting_after")))
    elif "ending_before" in params:
        order = "ASC"
        conditions.append(("seq > ?", _position(work, kind, params, "ending_before")))
    tests = " AND ".join(test for test, _ in conditions)
    query = f"SELECT body FROM object WHERE {tests} ORDER BY seq {order} LIMIT {limit}"  # noqa: S608
    return work.db.execute(query, [value for _, value in conditions]).fetchall()


def _created(params: Json) -> list[tuple[str, int]]:
    created = params.get("created")
    if isinstance(created, dict):
        return [(_COMPARISONS[name], moment) for name, moment in created.items()]
    return [] if created is None else [("=", created)]


def _position(work: Work, kind: str, params: Json, param: str) -> int:
    identifier = params[param]
    row = work.db.execute(
        "SELECT seq FROM object WHERE id = ? AND account = ? AND kind = ?",
        (identifier, work.account, kind),
    ).fetchone()
    if row is None:
        raise missing(kind, identifier, param=param)
    return int(row["seq"])


def _limit(params: Json) -> int:
    limit: int = params.get("limit", _DEFAULT)
    if not 1 <= limit <= _MOST:
        message = f"This value must be between 1 and {_MOST}."
        raise invalid(message, param="limit", code="parameter_invalid_integer")
    return limit
