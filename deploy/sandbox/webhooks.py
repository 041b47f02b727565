"""Signs events and delivers them, again and again until they are taken."""

import hashlib
import hmac
import json
import logging
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import urllib3

from deploy.sandbox import clock, faults
from deploy.sandbox.errors import Json
from deploy.sandbox.settings import Settings
from deploy.sandbox.store import Store

# Stripe spreads its attempts over three days; the first ones here are close, for a person who waits.
WAITS = (1, 2, 5, 15, 60, 5 * 60, 30 * 60, 2 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
_TIMEOUT = 20.0
_PAUSE = 0.25
_SHUFFLE_SECONDS = 2.0
_log = logging.getLogger(__name__)


def schedule(db: sqlite3.Connection, event: Json, now: float) -> bool:
    """Queue an event, as the rules in force want it. Return whether it must arrive before the answer."""
    rules = faults.take(db, faults.WEBHOOK_KINDS, types=event["type"], account=event.get("account", ""))
    kinds = {rule["kind"]: rule for rule in rules}
    if "never" in kinds:
        return False
    copies = int(kinds["duplicate"].get("copies", 2)) if "duplicate" in kinds else 1
    for _ in range(copies):
        due = now
        if "webhook_delay" in kinds:
            due += float(kinds["webhook_delay"].get("seconds", 5))
        if "shuffle" in kinds:
            due += random.uniform(0, float(kinds["shuffle"].get("seconds", _SHUFFLE_SECONDS)))  # noqa: S311
        db.execute("INSERT INTO delivery (event, due) VALUES (?, ?)", (event["id"], due))
    return "before_reply" in kinds


def signature(payload: str, secret: str, moment: int) -> str:
    """Return the `Stripe-Signature` header of a payload."""
    digest = hmac.new(secret.encode(), f"{moment}.{payload}".encode(), hashlib.sha256)
    return f"t={moment},v1={digest.hexdigest()}"


class Deliverer:
    """Posts what is due, from a few threads, until it is told to stop."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._pool = ThreadPoolExecutor(max_workers=4, thread_name_prefix="webhook")
        self._http = urllib3.PoolManager(maxsize=4)
        self._wake = threading.Event()
        self._taken: set[int] = set()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Deliver in the background from now on."""
        threading.Thread(target=self._run, name="webhooks", daemon=True).start()

    def wake(self) -> None:
        """Look at the queue at once."""
        self._wake.set()

    def wait_for(self, events: list[str], timeout: float) -> bool:
        """Wait until each of these events has been tried once. Return whether they all were."""
        return self._wait("attempts = 0", events, timeout)

    def flush(self, timeout: float) -> bool:
        """Wait until nothing is left that is due. Return whether that came in time."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self.wake()
            if not self._due() and not self._taken:
                return True
            time.sleep(0.02)
        return False

    def _wait(self, condition: str, events: list[str], timeout: float) -> bool:
        marks = ", ".join("?" for _ in events)
        query = f"SELECT 1 FROM delivery WHERE {condition} AND event IN ({marks}) LIMIT 1"  # noqa: S608
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self.wake()
            with self._store.reading() as db:
                if db.execute(query, events).fetchone() is None:
                    return True
            time.sleep(0.02)
        return False

    def _run(self) -> None:
        while True:
            try:
                for row in self._due():
                    self._submit(row)
            except Exception:
                _log.exception("the queue of deliveries could not be read")
            self._wake.wait(_PAUSE)
            self._wake.clear()

    def _due(self) -> list[sqlite3.Row]:
        with self._store.reading() as db:
            rows = db.execute(
                "SELECT delivery.*, object.body FROM delivery JOIN object ON object.id = delivery.event "
                "WHERE state = 'waiting' AND due <= ? ORDER BY due, delivery.seq LIMIT 50",
                (clock.now(db),),
            ).fetchall()
        with self._lock:
            return [row for row in rows if row["seq"] not in self._taken]

    def _submit(self, row: sqlite3.Row) -> None:
        with self._lock:
            if row["seq"] in self._taken:
                return
            self._taken.add(row["seq"])
        self._pool.submit(self._deliver, row)

    def _deliver(self, row: sqlite3.Row) -> None:
        try:
            if self._still_waits(row):
                self._record(row, self._post(row["body"]))
        except Exception:
            _log.exception("a delivery could not be recorded")
        finally:
            with self._lock:
                self._taken.discard(row["seq"])

    def _still_waits(self, row: sqlite3.Row) -> bool:
        # The queue may have been read just before another thread was done with this very row.
        query = "SELECT 1 FROM delivery WHERE seq = ? AND state = 'waiting' AND attempts = ?"
        with self._store.reading() as db:
            return db.execute(query, (row["seq"], row["attempts"])).fetchone() is not None

    def _post(self, body: str) -> int | None:
        address = urlsplit(self._settings.webhook_url)
        payload = json.dumps(json.loads(body), indent=2)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature(payload, self._settings.webhook_secret, int(time.time())),
            "Host": address.netloc,
        }
        url = address._replace(netloc=_reachable(address.hostname or "", address.port)).geturl()
        try:
            answer = self._http.request(
                "POST",
                url,
                body=payload.encode(),
                headers=headers,
                timeout=_TIMEOUT,
                retries=False,
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            _log.info("a delivery failed: %s", error)
            return None
        return answer.status

    def _record(self, row: sqlite3.Row, status: int | None) -> None:
        taken = status is not None and 200 <= status < 300
        attempts = row["attempts"] + 1
        last = attempts > len(WAITS)
        state = "delivered" if taken else "given up" if last else "waiting"
        with self._store.writing() as db:
            due = row["due"] if taken or last else clock.now(db) + WAITS[attempts - 1]
            db.execute(
                "UPDATE delivery SET state = ?, attempts = ?, answer = ?, due = ? WHERE seq = ?",
                (state, attempts, status, due, row["seq"]),
            )
            if taken:
                db.execute(
                    "UPDATE object SET body = json_set(body, '$.pending_webhooks', 0) WHERE id = ?",
                    (row["event"],),
                )


def _reachable(host: str, port: int | None) -> str:
    # Names under .localhost are known to browsers, not to Python's resolver.
    name = "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else host
    return f"{name}:{port}" if port else name
