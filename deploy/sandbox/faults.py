"""Troubles asked for by a test: rules that match requests, events and refunds."""

import json
import random
import re
import sqlite3
from typing import Any

from deploy.sandbox.errors import Json

API_KINDS = frozenset({"delay", "drop_reply", "status"})
WEBHOOK_KINDS = frozenset({"duplicate", "shuffle", "webhook_delay", "before_reply", "never"})
REFUND_KINDS = frozenset({"refunds_fail_later", "refunds_pending"})
CARD_KINDS = frozenset({"decline"})
_FIELDS = frozenset(
    {"kind", "method", "path", "types", "account", "times", "share", "seconds", "copies", "status"}
    | {"saved", "after_work"}
)


class BadRule(ValueError):
    """A rule that would never do anything."""


def replace_all(db: sqlite3.Connection, rules: list[Any]) -> None:
    """Put these rules in place of the present ones. Raises BadRule."""
    for rule in rules:
        _check(rule)
    db.execute("DELETE FROM fault")
    for rule in rules:
        db.execute("INSERT INTO fault (rule, remaining) VALUES (?, ?)", (json.dumps(rule), rule.get("times")))


def present(db: sqlite3.Connection) -> list[Json]:
    """Return the rules that can still match, with what is left of them."""
    rows = db.execute("SELECT rule, remaining FROM fault ORDER BY seq")
    return [json.loads(row["rule"]) | {"remaining": row["remaining"]} for row in rows]


def exist(db: sqlite3.Connection) -> bool:
    """Whether any rule is left."""
    return db.execute("SELECT 1 FROM fault LIMIT 1").fetchone() is not None


def take(db: sqlite3.Connection, kinds: frozenset[str], **facts: str) -> list[Json]:
    """Return the rules of these kinds that strike now, and count them as used."""
    struck = []
    for row in db.execute("SELECT * FROM fault ORDER BY seq").fetchall():
        rule = json.loads(row["rule"])
        if rule["kind"] in kinds and _matches(rule, facts):
            _count(db, row)
            struck.append(rule)
    return struck


def _matches(rule: Json, facts: dict[str, str]) -> bool:
    if "account" in rule and rule["account"] != facts.get("account"):
        return False
    if "method" in rule and rule["method"].upper() != facts.get("method"):
        return False
    for name in ("path", "types"):
        if name in rule and not re.search(rule[name], facts.get(name, "")):
            return False
    return random.random() < float(rule.get("share", 1))  # noqa: S311 (chance, not a secret)


def _count(db: sqlite3.Connection, row: sqlite3.Row) -> None:
    if row["remaining"] is None:
        return
    if row["remaining"] <= 1:
        db.execute("DELETE FROM fault WHERE seq = ?", (row["seq"],))
    else:
        db.execute("UPDATE fault SET remaining = remaining - 1 WHERE seq = ?", (row["seq"],))


def _check(rule: Any) -> None:
    if not isinstance(rule, dict) or rule.get("kind") not in API_KINDS | WEBHOOK_KINDS | REFUND_KINDS | CARD_KINDS:
        raise BadRule(f"unknown kind: {rule}")
    unknown = set(rule) - _FIELDS
    if unknown:
        raise BadRule(f"unknown fields: {', '.join(sorted(unknown))}")
    for name in ("path", "types"):
        try:
            re.compile(rule.get(name, ""))
        except re.error as error:
            raise BadRule(f"{name} is not a regular expression: {error}") from error
