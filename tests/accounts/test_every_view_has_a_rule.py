"""Every address says who may open it."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from shared_apps.accounts.access import public

RULES = {"public", "signed in", "staff", "operator"}
HOSTS = ["config.urls.organisation", "config.urls.operations"]


def views(urlconf: str) -> Iterator[tuple[str, object]]:
    """Every view with the address it is found at."""
    yield from _below("/", get_resolver(urlconf).url_patterns)


def _below(start: str, patterns: list[URLPattern | URLResolver]) -> Iterator[tuple[str, object]]:
    for pattern in patterns:
        address = f"{start}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _below(address, pattern.url_patterns)
        else:
            yield address, pattern.callback


def without_rule(found: Iterator[tuple[str, object]]) -> list[str]:
    return [address for address, view in found if getattr(view, "access", None) not in RULES]


@pytest.mark.parametrize("urlconf", HOSTS)
def test_every_view_has_a_rule(urlconf: str) -> None:
    assert without_rule(views(urlconf)) == []


# Who comes by an invitation, or by a support leave, has no account yet: what their address bears is asked instead.
WAYS_IN = ("/gestion/bienvenue", "/gestion/soutien/")


def test_the_workplace_is_for_staff_and_the_console_for_operators() -> None:
    inside = [
        view for address, view in views(HOSTS[0]) if address.startswith("/gestion") and not address.startswith(WAYS_IN)
    ]
    workplace = {view.access for view in inside}  # type: ignore[attr-defined]
    console = {view.access for address, view in views(HOSTS[1]) if address.startswith("/console")}  # type: ignore[attr-defined]

    assert workplace == {"staff"}
    assert console == {"operator"}


def test_a_view_without_a_rule_would_be_named() -> None:
    def open_to_whom(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    patterns = [path("forgotten", open_to_whom), path("known", public(open_to_whom))]

    assert without_rule(_below("/", patterns)) == ["/forgotten"]  # type: ignore[arg-type]
