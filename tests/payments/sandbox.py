"""A payer and a tester at the payment sandbox: what a person does on its page, what a control makes it do."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

SUCCESS = "4242424242424242"
DECLINED = "4000000000000002"
REFUND_FAILS_LATER = "4000000000005126"


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@dataclass(frozen=True)
class Page:
    status: int
    location: str
    text: str


@dataclass(frozen=True)
class Sandbox:
    api: str

    def pay(self, page_url: str, card: str = SUCCESS, **more: str) -> Page:
        """Fill in the hosted page and send it. A payment that goes through answers with a redirection."""
        form = {
            "method": "card",
            "email": "parent@example.org",
            "number": card,
            "expiry": "12/40",
            "cvc": "123",
            "holder": "Marie Lapointe",
            "country": "CA",
            "line1": "1, rue Principale",
            "city": "Gatineau",
            "state": "QC",
            "postal_code": "J8X 2T3",
            **more,
        }
        return self._open(Request(page_url, data=urlencode({**self._hidden(page_url), **form}).encode()))

    def read(self, page_url: str) -> str:
        return self._open(Request(page_url)).text

    def answer(self, bank_url: str, said: str) -> Page:
        """On a bank's page: `approve`, `refuse`, `leave` or `approve_and_stay`."""
        return self._open(Request(bank_url, data=urlencode({"answer": said}).encode()))

    def control(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self.api}/_control/{path}", data=data, headers={"Content-Type": "application/json"})
        with urlopen(request, timeout=40) as answer:
            return json.load(answer)

    def books(self, account: str) -> Any:
        return self.control(f"books?account={account}")

    def _hidden(self, page_url: str) -> dict[str, str]:
        text = self._open(Request(page_url)).text
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))

    def _open(self, request: Request) -> Page:
        try:
            with build_opener(_Stay).open(request, timeout=20) as answer:
                return Page(answer.status, "", answer.read().decode())
        except HTTPError as answer:
            return Page(answer.code, answer.headers.get("Location", ""), answer.read().decode())
