"""A real sandbox process, and someone who receives what it sends."""

import json
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import stripe

SECRET_KEY = "sk_test_sandbox_of_the_tests"
WEBHOOK_SECRET = "whsec_of_the_tests"
START_TIMEOUT = 15
Json = dict[str, Any]


@dataclass
class Reply:
    """What a page answered, without following a redirection."""

    status: int
    location: str | None
    body: str


@dataclass
class Receiver:
    """Takes webhooks, checks each signature with the real client, and keeps the events in order."""

    events: list[Json] = field(default_factory=list)
    forged: int = 0
    # Answers to give instead of 200, by event type, each used once.
    refusals: list[str] = field(default_factory=list)

    def start(self) -> str:
        """Return the address to send to."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.send_response(receiver.take(body, self.headers["Stripe-Signature"]))
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}/webhook"

    def take(self, body: str, signature: str) -> int:
        """Return the status to answer with."""
        try:
            stripe.Webhook.construct_event(body, signature, WEBHOOK_SECRET)
        except stripe.SignatureVerificationError:
            self.forged += 1
            return 400
        event = json.loads(body)
        self.events.append(event)
        if event["type"] in self.refusals:
            self.refusals.remove(event["type"])
            return 500
        return 200

    def told(self, account: str, kind: str) -> list[Json]:
        """Return the events of one type that an account's webhooks brought."""
        return [event for event in self.events if event.get("account") == account and event["type"] == kind]

    def of(self, account: str) -> list[str]:
        """Return the types of what an account's events said, in order of arrival."""
        return [event["type"] for event in self.events if event.get("account") == account]


class Sandbox:
    """One sandbox process, its client and its controls."""

    def __init__(self, folder: Path) -> None:
        self.receiver = Receiver()
        self._webhook_url = self.receiver.start()
        self._folder = folder
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.client = self.client_with(SECRET_KEY)
        self._process: subprocess.Popen[bytes] | None = None

    def client_with(self, key: str, **options: Any) -> stripe.StripeClient:
        """Return a real client that speaks to this sandbox."""
        return stripe.StripeClient(key, base_addresses={"api": self.url}, **options)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = {
            "--port": str(self._port),
            "--database": str(self._folder / "sandbox.sqlite3"),
            "--secret-key": SECRET_KEY,
            "--webhook-url": self._webhook_url,
            "--webhook-secret": WEBHOOK_SECRET,
            "--public-url": self.url,
        }
        words = [word for pair in options.items() for word in pair]
        self._process = subprocess.Popen([sys.executable, "-m", "deploy.sandbox", *words])
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers():
            assert self._process.poll() is None, "the sandbox ended while starting"
            assert time.monotonic() < deadline, "the sandbox did not start in time"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it without a warning (SIGKILL)."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def control(self, path: str, body: Any = None) -> Any:
        """Use a control: GET without a body, POST with one."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/_control/{path}", data=data, headers=headers)
        with urllib.request.urlopen(request, timeout=40) as answer:
            return json.load(answer)

    def advance(self, *, days: float = 0, seconds: float = 0) -> None:
        """Move the clock, and have everything delivered that this brings about."""
        self.control("clock", {"advance_seconds": days * 86400 + seconds})
        self.flush()

    def flush(self) -> None:
        """Wait until every delivery that is due has been tried."""
        assert self.control("webhooks/flush", {"timeout": 20})["empty"]

    def page(self, url: str, form: dict[str, str] | None = None, language: str = "fr") -> Reply:
        """Open a page, or send its form."""
        data = None if form is None else urlencode(form).encode()
        request = urllib.request.Request(url, data=data, headers={"Accept-Language": language})
        try:
            with _OPENER.open(request, timeout=20) as answer:
                return Reply(answer.status, None, answer.read().decode())
        except urllib.error.HTTPError as answer:
            return Reply(answer.code, answer.headers.get("Location"), answer.read().decode())

    def an_account(self, *, name: str = "École Saint-Jean", country: str = "ca", onboarded: bool = True) -> str:
        """Make a connected account that takes cards."""
        account = self.client.v2.core.accounts.create(
            {
                "contact_email": "tresorerie@example.ca",
                "display_name": name,
                "dashboard": "full",
                "identity": {"country": country, "entity_type": "government_entity"},
                "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
            }
        )
        if onboarded:
            self.control(f"accounts/{account.id}/onboard", {})
        return account.id

    def _answers(self) -> bool:
        try:
            return bool(urllib.request.urlopen(f"{self.url}/healthz", timeout=1).status == 200)
        except OSError:
            return False


def card_form(number: str = "4242424242424242", **changes: str) -> dict[str, str]:
    """Return a payment form as a payer fills it in."""
    return {
        "method": "card",
        "email": "parent@example.ca",
        "number": number,
        "expiry": "04/49",
        "cvc": "1234" if number.startswith("37") else "123",
        "holder": "Maude Tremblay",
    } | changes


def text_of(reply: Reply) -> str:
    """Return the words of a page, without its markup."""
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", reply.body))


def at_once(actions: list[Callable[[], Any]]) -> list[Any]:
    """Do things at the same moment; return what each gave, or the error it raised."""
    gate = threading.Barrier(len(actions))
    results: list[Any] = [None] * len(actions)

    def run(place: int, action: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[place] = action()
        except Exception as error:  # told to the test, which expects some
            results[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirection)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
