"""An address that opens a page by itself is not written where others read it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from kernel import ids, logs
from tests.clients import HostClient


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers
    logs.configure(settings.LOGGING)
    written = io.StringIO()
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
    yield written
    root.handlers = before


def secret_addresses(within: URLResolver, before: str = "/") -> list[str]:
    """What stands before the secret in each address that has one."""
    found = []
    for each in within.url_patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLPattern):
            found += [here.split("<")[0] for kind in ("slug", "str") if f"<{kind}:token>" in here]
        else:
            found += secret_addresses(each, here)
    return found


SECRET = secret_addresses(get_resolver("config.urls.organisation"))


def test_there_are_such_addresses() -> None:
    assert {"/compte/", "/confirmation/"} < set(SECRET)


@pytest.mark.parametrize("folder", sorted(set(SECRET)))
def test_a_secret_is_in_no_line_whoever_writes_it(lines: io.StringIO, folder: str) -> None:
    token = ids.token()
    logging.getLogger("a.library").warning("Forbidden: %s", f"{folder}{token}/payer")
    logging.getLogger("any").info("asked", extra={"path": f"{folder}{token}"})

    written = lines.getvalue()

    assert token not in written
    assert json.loads(written.splitlines()[0])["event"].startswith(f"Forbidden: {folder}…")


def test_what_a_forbidden_request_leaves_is_without_it(client: HostClient, lines: io.StringIO) -> None:
    token = ids.token()

    client.post(f"/compte/{token}/payer")
    client.get(f"/compte/{token}/nulle-part")

    written = lines.getvalue()
    assert '"route": "compte/<slug:token>/payer"' in written
    assert token not in written


def test_other_addresses_are_written_whole(lines: io.StringIO) -> None:
    logging.getLogger("a.library").warning("Not Found: %s", "/activites/camp-de-jour-de-la-montagne")
    logging.getLogger("a.library").warning("Not Found: %s", "/compte/mot-de-passe/oublie")

    told = [json.loads(line)["event"] for line in lines.getvalue().splitlines()]

    assert told == ["Not Found: /activites/camp-de-jour-de-la-montagne", "Not Found: /compte/mot-de-passe/oublie"]
