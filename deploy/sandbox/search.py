"""`/search`: the part of Stripe's query language that compares fields and metadata for equality."""

import re

from deploy.sandbox.errors import Json, malformed
from deploy.sandbox.work import Work

_CLAUSE = re.compile(
    r"""\s*(?:(?P<field>[a-z_]+)|metadata\[(?P<mark>['"])(?P<key>.+?)(?P=mark)\])"""
    r"""\s*:\s*(?:(?P<quote>['"])(?P<text>.*?)(?P=quote)|(?P<number>\d+))\s*"""
)
_FIELDS = frozenset({"amount", "currency", "customer", "status"})


def page(work: Work, kind: str, params: Json, *, url: str) -> Json:
    """Return the objects for which every clause (joined by AND) holds, newest first."""
    clauses = [_clause(text) for text in re.split(r"\s+AND\s+", params["query"], flags=re.IGNORECASE)]
    found = [
        body for body in reversed(work.where(kind)) if all(_value(body, path) == wanted for path, wanted in clauses)
    ]
    start, limit = int(params.get("page") or 0), params.get("limit", 10)
    more = len(found) > start + limit
    return {
        "object": "search_result",
        "data": found[start : start + limit],
        "has_more": more,
        "next_page": str(start + limit) if more else None,
        "url": url,
    }


def _clause(text: str) -> tuple[tuple[str, ...], str]:
    match = _CLAUSE.fullmatch(text)
    if match is None or (match["field"] and match["field"] not in _FIELDS):
        raise malformed(f"We were unable to parse your search query: {text}", param="query")
    path = (match["field"],) if match["field"] else ("metadata", match["key"])
    return path, match["text"] if match["number"] is None else match["number"]


def _value(body: Json, path: tuple[str, ...]) -> str | None:
    value: object = body
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return None if value is None else str(value)
