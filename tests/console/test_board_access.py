"""Every page of the console is for operators with their second factor, whoever wrote it."""

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.clients import HostClient
from tests.factories.organisation import a_user

_OF_KIND = {"slug": "a", "int": "1", "uuid": "00000000-0000-7000-8000-000000000000", "str": "x"}


def pages(within: URLResolver, before: str = "") -> Iterator[tuple[str, str]]:
    """(address, rule) of every view below /console."""
    for each in within.url_patterns:
        here = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from pages(each, here)
        elif isinstance(each, URLPattern) and here.startswith("console"):
            address = re.sub(r"<(\w+):\w+>", lambda found: _OF_KIND[found[1]], here)
            yield "/" + address, getattr(each.callback, "access", "none")


PAGES = dict(pages(get_resolver("config.urls.operations")))


def test_there_are_pages() -> None:
    assert {"/console", "/console/journal", "/console/organisations/a/sante", "/console/migrations"} < set(PAGES)


@pytest.mark.parametrize("address", PAGES)
def test_it_wears_the_operators_rule(address: str) -> None:
    assert PAGES[address] == "operator"


@pytest.mark.parametrize("address", PAGES)
def test_it_is_not_opened_without_the_second_factor(visitor: HostClient, address: str) -> None:
    for send in (visitor.get, visitor.post):
        assert send(address).status_code in (302, 405)
    visitor.force_login(a_user("op@example.org"))

    for send in (visitor.get, visitor.post):
        answer = send(address)
        assert answer.status_code == 405 or "second-facteur" in answer.url
