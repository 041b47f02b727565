"""The web application: the API, the pages for people, and the controls for tests."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, Response, request

from deploy.sandbox import resources_loaded
from deploy.sandbox.api import Api, Call, ReplyDropped
from deploy.sandbox.control import views as control
from deploy.sandbox.idempotency import Answer
from deploy.sandbox.ids import new_id
from deploy.sandbox.pages import views as pages
from deploy.sandbox.settings import API_VERSION, Settings
from deploy.sandbox.store import Store
from deploy.sandbox.webhooks import Deliverer

_DROPPED = "sandbox.dropped"
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def create_app(store: Store, settings: Settings, deliverer: Deliverer) -> Flask:
    """Build the application on a store."""
    resources_loaded.check()
    app = Flask("deploy.sandbox.pages")
    api = Api(store, settings, deliverer)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return Response(status=204)

    @app.route("/v1/<path:_>", methods=["GET", "POST", "DELETE"])
    @app.route("/v2/<path:_>", methods=["GET", "POST", "DELETE"])
    def call(_: str) -> Response:
        made = _call()
        try:
            return _response(made, api.answer(made))
        except ReplyDropped:
            request.environ[_DROPPED] = True
            return Response()

    app.register_blueprint(pages.blueprint(store, settings, deliverer))
    app.register_blueprint(control.blueprint(store, settings, deliverer))
    app.wsgi_app = _dropping(app.wsgi_app)  # type: ignore[method-assign,assignment]
    return app


def _dropping(inner: Wsgi) -> Wsgi:
    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = inner(environ, start_response)
        if environ.get(_DROPPED):
            # The server takes this for a caller who left, and closes the connection without a word.
            raise ConnectionAbortedError
        return answer

    return application


def _call() -> Call:
    return Call(
        id=new_id("req", 14),
        method=request.method,
        path=request.path,
        query=request.query_string.decode(),
        body=request.get_data(as_text=True),
        authorization=request.headers.get("Authorization", ""),
        account=request.headers.get("Stripe-Account") or request.headers.get("Stripe-Context"),
        idempotency_key=request.headers.get("Idempotency-Key") if request.method != "GET" else None,
    )


def _response(call: Call, answer: Answer) -> Response:
    response = Response(json.dumps(answer.body, indent=2), status=answer.status, mimetype="application/json")
    response.headers["Request-Id"] = call.id
    response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", API_VERSION)
    if call.account:
        response.headers["Stripe-Account"] = call.account
    if call.idempotency_key:
        response.headers["Idempotency-Key"] = call.idempotency_key
    if answer.replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response
