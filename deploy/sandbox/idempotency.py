"""Idempotency keys: the first answer is kept with its work, and given again."""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from deploy.sandbox.errors import ApiError, Json

_MAX_LENGTH = 255


@dataclass(frozen=True)
class Answer:
    """A status and a body, as they were sent."""

    status: int
    body: Json
    replayed: bool = False


class Keys:
    """The keys of all accounts. Those in use at this moment are known to this process only."""

    def __init__(self) -> None:
        self._in_use: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    @contextmanager
    def claimed(self, account: str, key: str) -> Iterator[None]:
        """Hold a key for the time of one request. Raises ApiError (409) when another one holds it."""
        if len(key) > _MAX_LENGTH:
            message = f"Idempotency keys can have up to {_MAX_LENGTH} characters."
            raise ApiError(400, message, saved=False)
        with self._lock:
            if (account, key) in self._in_use:
                raise _in_use_error()
            self._in_use.add((account, key))
        try:
            yield
        finally:
            with self._lock:
                self._in_use.discard((account, key))


def fingerprint(method: str, path: str, parameters: Json) -> str:
    """Return what must be the same when a key comes again."""
    text = json.dumps([method, path, parameters], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def replay(db: sqlite3.Connection, account: str, key: str, print_: str) -> Answer | None:
    """Return the answer kept for a key. Raises ApiError (400) when the request is another one."""
    row = db.execute("SELECT * FROM idempotency WHERE account = ? AND key = ?", (account, key)).fetchone()
    if row is None:
        return None
    if row["fingerprint"] != print_:
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first "
            f"used with. Try using a key other than '{key}' if you meant to execute a different request."
        )
        raise ApiError(400, message, kind="idempotency_error", saved=False)
    return Answer(row["status"], json.loads(row["body"]), replayed=True)


def keep(db: sqlite3.Connection, account: str, key: str, print_: str, answer: Answer) -> None:
    """Keep the answer to the first request that used a key."""
    db.execute(
        "INSERT INTO idempotency (account, key, fingerprint, status, body) VALUES (?, ?, ?, ?, ?)",
        (account, key, print_, answer.status, json.dumps(answer.body)),
    )


def _in_use_error() -> ApiError:
    message = (
        "There is currently another in-progress request using this Stripe account with that "
        "idempotency key (that probably means you submitted twice, and the other request is still "
        "going through): please try again once it has finished."
    )
    return ApiError(409, message, kind="idempotency_error", code="idempotency_key_in_use", saved=False)
