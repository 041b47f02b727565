"""The editor's pages as a test speaks of them: their addresses, and what a browser would send of their forms."""

from html.parser import HTMLParser
from typing import Any

from django.urls import reverse

from tests.clients import HostClient

Sent = dict[str, Any]


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


def filled_in(client: HostClient, address: str) -> Sent:
    """The page's main form, sent back untouched: the one that carries what was seen."""
    return sent(client.get(address).content.decode())


def sent(page: str) -> Sent:
    reader = _Forms()
    reader.feed(page)
    [form] = [each for each in reader.forms if each.pop("", "post") == "main"]
    return form


class _Forms(HTMLParser):
    """Every form of a page; the main one has no address of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Sent] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        if tag == "form":
            self.forms.append({"": "main" if "action" not in told else "other"})
        elif tag == "input" and name and (told.get("type") not in ("checkbox", "radio") or "checked" in told):
            self._add(name, told.get("value", "on" if "checked" in told else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in told:
            self._add(self._select, told["value"])
        elif tag == "textarea":
            self._area = name
            self._add(name, "")

    def handle_data(self, data: str) -> None:
        if self._area:
            # HTML leaves out the first line end.
            self.forms[-1][self._area] += data.removeprefix("\n") if not self.forms[-1][self._area] else data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def _add(self, name: str, value: str) -> None:
        if not self.forms or name == "csrfmiddlewaretoken":
            return
        form = self.forms[-1]
        if name in form:
            form[name] = [*(form[name] if isinstance(form[name], list) else [form[name]]), value]
        else:
            form[name] = value
