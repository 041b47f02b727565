"""Does what has fallen due: expiries, slow debits, late refunds, new billing periods."""

import logging
import sqlite3
import threading
import time

from deploy.sandbox import clock
from deploy.sandbox.settings import Settings
from deploy.sandbox.store import Store
from deploy.sandbox.work import JOBS, begin

_PAUSE = 0.5
_log = logging.getLogger(__name__)


def run_due(store: Store, settings: Settings) -> int:
    """Do all jobs that are due, oldest first, each at its own moment. Return how many."""
    done = 0
    while _any_due(store):
        row = None
        try:
            with store.writing() as db:
                row = _next(db)
                if row is None:
                    break
                db.execute("DELETE FROM job WHERE seq = ?", (row["seq"],))
                work = begin(db, settings, account=row["account"], now=row["due"])
                JOBS[row["kind"]](work, row["subject"])
        except Exception:
            _log.exception("a job failed")
            if row is not None:
                _put_off(store, row["seq"])
        else:
            done += 1
    return done


def start(store: Store, settings: Settings) -> None:
    """Keep doing jobs as time goes by, in the background."""
    threading.Thread(target=_keep_running, args=(store, settings), name="jobs", daemon=True).start()


def _keep_running(store: Store, settings: Settings) -> None:
    while True:
        run_due(store, settings)
        time.sleep(_PAUSE)


def _put_off(store: Store, seq: int) -> None:
    # Its transaction took the removal back with it; the jobs behind it must not wait for it.
    with store.writing() as db:
        db.execute("UPDATE job SET due = ? WHERE seq = ?", (clock.now(db) + clock.MINUTE, seq))


def _any_due(store: Store) -> bool:
    with store.reading() as db:
        return _next(db) is not None


def _next(db: sqlite3.Connection) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM job WHERE due <= ? ORDER BY due, seq LIMIT 1", (clock.now(db),)
    ).fetchone()
    return row
