"""The controls a test has: `/_control/…`, for callers on this machine only."""

import ipaddress
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from deploy.sandbox import clock, faults, jobs
from deploy.sandbox.control import books
from deploy.sandbox.errors import Json
from deploy.sandbox.payments import disputes, onboarding, payouts
from deploy.sandbox.settings import Settings
from deploy.sandbox.store import Store
from deploy.sandbox.webhooks import Deliverer
from deploy.sandbox.work import Work, begin

_FLUSH_TIMEOUT = 30.0


def blueprint(store: Store, settings: Settings, deliverer: Deliverer) -> Blueprint:
    """Return the controls of a store."""
    controls = Blueprint("control", __name__, url_prefix="/_control")
    controls.before_request(_only_from_here)
    _add_clock_and_faults(controls, store, settings, deliverer)
    _add_state(controls, store, settings, deliverer)
    _add_objects(controls, store, settings, deliverer)
    return controls


def _add_clock_and_faults(controls: Blueprint, store: Store, settings: Settings, deliverer: Deliverer) -> None:
    @controls.post("/clock")
    def move_clock() -> Response:
        given = _json()
        if ("now" in given) == ("advance_seconds" in given):
            abort(_bad("give either now or advance_seconds"))
        with store.writing() as db:
            present = clock.now(db)
            moment = float(given["now"]) if "now" in given else present + float(given["advance_seconds"])
            clock.set_now(db, moment)
        done = jobs.run_due(store, settings)
        deliverer.wake()
        return jsonify({"now": moment, "jobs_done": done})

    @controls.get("/clock")
    def read_clock() -> Response:
        with store.reading() as db:
            return jsonify({"now": clock.now(db)})

    @controls.post("/faults")
    def set_faults() -> Response:
        given = request.get_json(silent=True)
        rules = given.get("rules") if isinstance(given, dict) else given
        if not isinstance(rules, list):
            abort(_bad("give a list of rules"))
        try:
            with store.writing() as db:
                faults.replace_all(db, rules)
                return jsonify({"rules": faults.present(db)})
        except faults.BadRule as error:
            abort(_bad(str(error)))

    @controls.get("/faults")
    def read_faults() -> Response:
        with store.reading() as db:
            return jsonify({"rules": faults.present(db)})


def _add_state(controls: Blueprint, store: Store, settings: Settings, deliverer: Deliverer) -> None:
    @controls.get("/state")
    def state() -> Response:
        with store.reading() as db:
            counted = db.execute("SELECT account, kind, count(*) AS n FROM object GROUP BY 1, 2")
            objects: dict[str, dict[str, int]] = {}
            for row in counted:
                objects.setdefault(row["account"], {})[row["kind"]] = row["n"]
            deliveries = db.execute("SELECT state, count(*) AS n FROM delivery GROUP BY state")
            waiting = db.execute("SELECT count(*) AS n, min(due) AS next FROM job").fetchone()
            work = begin(db, settings)
            return jsonify(
                {
                    "now": clock.now(db),
                    "platform": work.platform,
                    "objects": objects,
                    "deliveries": {row["state"]: row["n"] for row in deliveries},
                    "jobs": {"waiting": waiting["n"], "next_due": waiting["next"]},
                    "faults": faults.present(db),
                }
            )

    @controls.post("/reset")
    def reset() -> Response:
        store.reset()
        return jsonify({"reset": True})

    @controls.get("/books")
    def read_books() -> Response:
        with store.reading() as db:
            return jsonify(books.of_account(begin(db, settings, account=request.args.get("account"))))

    @controls.post("/webhooks/flush")
    def flush() -> Response:
        given = request.get_json(silent=True) or {}
        empty = deliverer.flush(float(given.get("timeout", _FLUSH_TIMEOUT)))
        return jsonify({"empty": empty}) if empty else _bad("the queue is not empty yet", status=504)

    @controls.post("/webhooks/resend/<event>")
    def resend(event: str) -> Response:
        with store.writing() as db:
            if db.execute("SELECT 1 FROM object WHERE id = ? AND kind = 'event'", (event,)).fetchone() is None:
                abort(_bad(f"no event {event}", status=404))
            db.execute("INSERT INTO delivery (event, due) VALUES (?, ?)", (event, clock.now(db)))
        deliverer.wake()
        return jsonify({"queued": event})


def _add_objects(controls: Blueprint, store: Store, settings: Settings, deliverer: Deliverer) -> None:
    @controls.post("/accounts/<identifier>/onboard")
    def onboard(identifier: str) -> Response:
        leave_due = bool((request.get_json(silent=True) or {}).get("leave_due"))
        with store.writing() as db:
            work = begin(db, settings)
            if work.find("v2.core.account", identifier) is None:
                abort(_bad(f"no account {identifier}", status=404))
            account = onboarding.finish(work, identifier, leave_due=leave_due)
        deliverer.wake()
        return jsonify(account)

    @controls.post("/accounts/<identifier>/require")
    def require(identifier: str) -> Response:
        given = _json()
        with store.writing() as db:
            work = begin(db, settings)
            if work.find("v2.core.account", identifier) is None:
                abort(_bad(f"no account {identifier}", status=404))
            account = onboarding.ask(
                work,
                identifier,
                [str(each) for each in given.get("requirements", [])],
                deadline=given.get("deadline"),
                stops=given.get("stops", ("payments", "payouts")),
                asked_of=given.get("asked_of", "user"),
            )
        deliverer.wake()
        return jsonify(account)

    @controls.post("/accounts/<identifier>/payout")
    def pay_out(identifier: str) -> Response:
        with store.writing() as db:
            made = payouts.all_available(begin(db, settings, account=identifier))
        deliverer.wake()
        return jsonify({"payouts": made})

    @controls.post("/disputes/<identifier>/close")
    def close_dispute(identifier: str) -> Response:
        won = bool((request.get_json(silent=True) or {}).get("won"))
        with store.writing() as db:
            row = db.execute("SELECT account FROM object WHERE id = ?", (identifier,)).fetchone()
            if row is None:
                abort(_bad(f"no dispute {identifier}", status=404))
            work = begin(db, settings, account=row["account"])
            dispute = disputes.close(work, work.get("dispute", identifier), won=won)
        deliverer.wake()
        return jsonify(dispute)

    @controls.post("/objects/<identifier>")
    def tamper(identifier: str) -> Response:
        with store.writing() as db:
            work = begin(db, settings)
            row = db.execute("SELECT account FROM object WHERE id = ?", (identifier,)).fetchone()
            if row is None:
                abort(_bad(f"no object {identifier}", status=404))
            owner: Work = work.as_account(row["account"])
            return jsonify(owner.save((owner.of_any_kind(identifier) or {}) | _json()))


def _only_from_here() -> Response | None:
    if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104
        return _bad("only from this machine", status=403)
    # A page in a browser of this machine comes from here too; browsers say so, tests do not.
    if "Origin" in request.headers:
        return _bad("not from a browser", status=403)
    return None


def _json() -> Json:
    given: Any = request.get_json(silent=True)
    if not isinstance(given, dict):
        abort(_bad("give a JSON object"))
    return given


def _bad(message: str, *, status: int = 400) -> Response:
    response = jsonify({"error": message})
    response.status_code = status
    return response
