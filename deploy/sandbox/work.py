"""What one request does for one account, inside one transaction."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from deploy.sandbox import clock, webhooks
from deploy.sandbox.errors import Json, missing
from deploy.sandbox.ids import new_id
from deploy.sandbox.settings import API_VERSION, Settings
from deploy.sandbox.store import setting

Job = Callable[["Work", str], None]
JOBS: dict[str, Job] = {}


@dataclass(frozen=True, kw_only=True)
class Work:
    """Reads and writes the objects of one account; no other account's can be reached through it."""

    db: sqlite3.Connection
    settings: Settings
    account: str
    platform: str
    now: int
    request_id: str | None = None
    idempotency_key: str | None = None
    # Events to deliver before the answer leaves, when a fault asks for that order.
    before_reply: list[str] = field(default_factory=list)

    @property
    def is_platform(self) -> bool:
        """Whether the platform acts for itself."""
        return self.account == self.platform

    def as_account(self, account: str) -> "Work":
        """The same transaction, in another account's books."""
        return replace(self, account=account)

    def add(self, body: Json, hidden: Json | None = None) -> Json:
        """Keep a new object. `hidden` is what the API never shows."""
        self.db.execute(
            "INSERT INTO object (id, account, kind, created, body, hidden) VALUES (?, ?, ?, ?, ?, ?)",
            (body["id"], self.account, body["object"], self.now, json.dumps(body), json.dumps(hidden or {})),
        )
        return body

    def save(self, body: Json) -> Json:
        """Keep the new state of an object."""
        self.db.execute(
            "UPDATE object SET body = ? WHERE id = ? AND account = ?",
            (json.dumps(body), body["id"], self.account),
        )
        return body

    def bury(self, body: Json) -> Json:
        """Leave only the mark that an object was deleted, out of its kind's lists. Return the mark."""
        mark = {"id": body["id"], "object": body["object"], "deleted": True}
        self.db.execute(
            "UPDATE object SET kind = 'deleted_' || kind, body = ? WHERE id = ? AND account = ?",
            (json.dumps(mark), body["id"], self.account),
        )
        return mark

    def find(self, kind: str, identifier: str) -> Json | None:
        """Return an object of this account, or nothing."""
        row = self.db.execute(
            "SELECT body FROM object WHERE id = ? AND account = ? AND kind = ?",
            (identifier, self.account, kind),
        ).fetchone()
        return None if row is None else _body(row)

    def get(self, kind: str, identifier: str, *, param: str = "id") -> Json:
        """Return an object of this account. Raises ApiError (404) when it is not there."""
        body = self.find(kind, identifier)
        if body is None:
            raise missing(kind, identifier, param=param)
        return body

    def of_any_kind(self, identifier: str) -> Json | None:
        """Return whatever this account keeps under an identifier."""
        row = self.db.execute(
            "SELECT body FROM object WHERE id = ? AND account = ?", (identifier, self.account)
        ).fetchone()
        return None if row is None else _body(row)

    def where(self, kind: str, **fields: object) -> list[Json]:
        """Return this account's objects whose top-level fields have these values, oldest first."""
        tests = "".join(f" AND json_extract(body, '$.{name}') = ?" for name in fields)
        rows = self.db.execute(
            f"SELECT body FROM object WHERE account = ? AND kind = ?{tests} ORDER BY seq",  # noqa: S608
            (self.account, kind, *fields.values()),
        )
        return [_body(row) for row in rows]

    def hidden(self, identifier: str) -> Json:
        """Return what the API does not show of an object."""
        row = self.db.execute(
            "SELECT hidden FROM object WHERE id = ? AND account = ?", (identifier, self.account)
        ).fetchone()
        value: Json = json.loads(row["hidden"]) if row else {}
        return value

    def hide(self, identifier: str, **values: object) -> None:
        """Keep more of what the API does not show."""
        self.db.execute(
            "UPDATE object SET hidden = ? WHERE id = ? AND account = ?",
            (json.dumps(self.hidden(identifier) | values), identifier, self.account),
        )

    def emit(self, kind: str, body: Json, *, previous: Json | None = None) -> None:
        """Record that something happened, and have it delivered once the transaction is through."""
        data: Json = {"object": body}
        if previous is not None:
            data["previous_attributes"] = previous
        event: Json = {
            "id": new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now,
            "data": data,
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": self.request_id, "idempotency_key": self.idempotency_key},
            "type": kind,
        }
        if not self.is_platform:
            event["account"] = self.account
        self.add(event)
        if webhooks.schedule(self.db, event, clock.now(self.db)):
            self.before_reply.append(event["id"])

    def later(self, seconds: float, kind: str, subject: str) -> None:
        """Have a job done for this account when the clock has moved on."""
        self.db.execute(
            "INSERT INTO job (due, account, kind, subject) VALUES (?, ?, ?, ?)",
            (self.now + seconds, self.account, kind, subject),
        )


def begin(
    db: sqlite3.Connection,
    settings: Settings,
    *,
    account: str | None = None,
    now: float | None = None,
    request_id: str | None = None,
    idempotency_key: str | None = None,
) -> Work:
    """Open the books of an account, the platform's own unless told otherwise."""
    platform = setting(db, "platform") or ""
    return Work(
        db=db,
        settings=settings,
        account=account or platform,
        platform=platform,
        now=int(clock.now(db) if now is None else now),
        request_id=request_id,
        idempotency_key=idempotency_key,
    )


def job(kind: str) -> Callable[[Job], Job]:
    """Name what is to be done when a job of this kind falls due."""

    def register(function: Job) -> Job:
        JOBS[kind] = function
        return function

    return register


def _body(row: sqlite3.Row) -> Json:
    value: Json = json.loads(row["body"])
    return value
