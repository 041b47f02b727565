"""One API request, from its key to its answer."""

import base64
import binascii
import logging
import time
from dataclasses import dataclass

from deploy.sandbox import checks, faults, idempotency, jobs, routes
from deploy.sandbox.errors import ApiError, Json, account_invalid, failure, unauthorised
from deploy.sandbox.expand import expanded
from deploy.sandbox.idempotency import Answer, Keys
from deploy.sandbox.registry import HANDLERS, Handler
from deploy.sandbox.settings import Settings
from deploy.sandbox.store import Store, setting
from deploy.sandbox.webhooks import Deliverer
from deploy.sandbox.work import Work, begin

_BEFORE_REPLY_TIMEOUT = 10.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request as it came in."""

    id: str
    method: str
    path: str
    query: str
    body: str
    authorization: str
    account: str | None
    idempotency_key: str | None


class ReplyDropped(Exception):
    """The work is done and the caller will not hear of it."""


class Api:
    """Answers API calls on one store."""

    def __init__(self, store: Store, settings: Settings, deliverer: Deliverer) -> None:
        self._store = store
        self._settings = settings
        self._deliverer = deliverer
        self._keys = Keys()

    def answer(self, call: Call) -> Answer:
        """Return the answer to a call. Raises ReplyDropped when a rule wants silence."""
        jobs.run_due(self._store, self._settings)
        try:
            return self._answer(call)
        except ApiError as error:
            return Answer(error.status, error.body())

    def _answer(self, call: Call) -> Answer:
        _check_key(call.authorization, self._settings.secret_key)
        found = routes.find(call.method, call.path)
        if found is None:
            message = f"Unrecognized request URL ({call.method}: {call.path})."
            raise ApiError(404, message, saved=False)
        route, identifiers = found
        handler = HANDLERS.get((route.method, route.template))
        if handler is None:
            message = f"The sandbox does not have {route.method} {route.template}."
            raise ApiError(501, message, kind="api_error", code="not_in_sandbox", saved=False)
        account = self._account(call)
        params = checks.parameters(route, query=call.query, body=call.body)
        rules = self._faults(call, account)
        step = _Step(handler, identifiers, params, rules, account)
        if call.method == "GET":
            answer = self._read(call, step)
        elif call.idempotency_key:
            with self._keys.claimed(account, call.idempotency_key):
                answer = self._write(call, step)
        else:
            answer = self._write(call, step)
        if step.rule("drop_reply"):
            raise ReplyDropped
        return answer

    def _account(self, call: Call) -> str:
        with self._store.reading() as db:
            platform = setting(db, "platform") or ""
            if call.account in (None, "", platform):
                return platform
            row = db.execute(
                "SELECT 1 FROM object WHERE id = ? AND kind = 'v2.core.account'", (call.account,)
            ).fetchone()
        if row is None:
            raise account_invalid(str(call.account))
        return str(call.account)

    def _faults(self, call: Call, account: str) -> list[Json]:
        with self._store.reading() as db:
            if not faults.exist(db):
                return []
        with self._store.writing() as db:
            return faults.take(db, faults.API_KINDS, method=call.method, path=call.path, account=account)

    def _read(self, call: Call, step: "_Step") -> Answer:
        step.delay()
        step.refuse(after_work=False)
        with self._store.reading() as db:
            work = begin(db, self._settings, account=step.account, request_id=call.id)
            return Answer(200, step.run(work))

    def _write(self, call: Call, step: "_Step") -> Answer:
        step.delay()
        key = call.idempotency_key
        print_ = idempotency.fingerprint(call.method, call.path, step.params)
        with self._store.writing() as db:
            if key:
                kept = idempotency.replay(db, step.account, key, print_)
                if kept:
                    return kept
            work = begin(db, self._settings, account=step.account, request_id=call.id, idempotency_key=key)
            answer, saved = _attempt(work, step)
            # The second version of the API runs a failed request again; the first repeats its answer.
            if key and saved and (answer.status < 400 or call.path.startswith("/v1/")):
                idempotency.keep(db, step.account, key, print_, answer)
        self._deliverer.wake()
        if work.before_reply:
            self._deliverer.wait_for(work.before_reply, _BEFORE_REPLY_TIMEOUT)
        return answer


@dataclass(frozen=True)
class _Step:
    """What is to be run, and the troubles it meets."""

    handler: Handler
    identifiers: tuple[str, ...]
    params: Json
    rules: list[Json]
    account: str

    def rule(self, kind: str) -> Json | None:
        """Return the rule of a kind that strikes this request."""
        return next((rule for rule in self.rules if rule["kind"] == kind), None)

    def delay(self) -> None:
        """Keep the caller waiting, if a rule says so; nobody else waits with it."""
        rule = self.rule("delay")
        if rule:
            time.sleep(float(rule.get("seconds", 1)))

    def refuse(self, *, after_work: bool) -> None:
        """Answer with the status a rule asks for."""
        rule = self.rule("status")
        if rule and bool(rule.get("after_work")) is after_work:
            raise _asked_for(rule)

    def run(self, work: Work) -> Json:
        """Do it, and expand what was asked for."""
        # The schema has `expand` everywhere; it is no business of the resources.
        params = dict(self.params)
        paths = params.pop("expand", [])
        return expanded(work, self.handler(work, params, *self.identifiers), paths)


def _attempt(work: Work, step: _Step) -> tuple[Answer, bool]:
    """Run a step so that a refusal leaves nothing behind, unless it says so."""
    work.db.execute("SAVEPOINT attempt")
    try:
        step.refuse(after_work=False)
        answer, saved = Answer(200, step.run(work)), True
        step.refuse(after_work=True)
    except ApiError as error:
        if not error.keeps_work:
            work.db.execute("ROLLBACK TO attempt")
            work.before_reply.clear()
        answer, saved = Answer(error.status, error.body()), error.saved
    except Exception:
        _log.exception("a request failed")
        work.db.execute("ROLLBACK TO attempt")
        work.before_reply.clear()
        answer, saved = Answer(500, failure("The sandbox has a defect.").body()), True
    work.db.execute("RELEASE attempt")
    return answer, saved


def _asked_for(rule: Json) -> ApiError:
    status = int(rule.get("status", 500))
    after_work = bool(rule.get("after_work"))
    # A 500 comes after execution began, so it is kept; 429 and 503 turn away at the door.
    saved = bool(rule.get("saved", status == 500))
    if status == 429:
        message = "Request rate limit exceeded. (This one was asked for.)"
        return ApiError(429, message, code="rate_limit", saved=saved, keeps_work=after_work)
    message = "An unknown error occurred. (This one was asked for.)"
    return ApiError(status, message, kind="api_error", saved=saved, keeps_work=after_work)


def _check_key(authorization: str, secret_key: str) -> None:
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    if not given:
        raise unauthorised("You did not provide an API key. Use the Authorization header (Bearer).")
    if given != secret_key:
        raise unauthorised(f"Invalid API Key provided: {given[:8]}{'*' * 8}{given[-4:]}")
