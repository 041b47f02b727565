"""The cache keeps organisations apart, and keeps silent when Redis is gone."""

import socket
import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache, caches
from pytest_django import Settings

from tenants.cache import ForgivingRedisCache
from tenants.context import in_organisation
from tenants.models import Organisation


def test_one_does_not_read_what_another_kept(organisation_a: Organisation, organisation_b: Organisation) -> None:
    cache.set("greeting", "bonjour from a")
    with in_organisation(organisation_b):
        assert cache.get("greeting") is None
        cache.set("greeting", "bonjour from b")

    assert cache.get("greeting") == "bonjour from a"
    assert cache.make_key("greeting") == f"{organisation_a.schema_name}::1:greeting"


def test_with_djangos_own_keys_it_would(
    organisation_a: Organisation, organisation_b: Organisation, settings: Settings
) -> None:
    location = settings.CACHES["default"]["LOCATION"]
    plain = ForgivingRedisCache(location, {})
    plain.set("greeting", "bonjour from a")

    with in_organisation(organisation_b):
        assert plain.get("greeting") == "bonjour from a"


@pytest.fixture
def mute_server() -> Iterator[str]:
    """Accepts connections and never answers: worse than a server that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


@pytest.mark.parametrize("answering", [False, True])
def test_a_redis_that_is_gone_is_an_empty_cache(answering: bool, mute_server: str) -> None:
    gone = ForgivingRedisCache(mute_server if answering else "redis://127.0.0.1:1/0", {})
    begun = time.monotonic()

    answers = [
        gone.get("key", "otherwise"),
        gone.set("key", 1),
        gone.add("key", 1),
        gone.incr("key"),
        gone.get_many(["key"]),
        gone.set_many({"key": 1}),
        gone.touch("key"),
        gone.has_key("key"),
        gone.delete("key"),
        gone.delete_many(["key"]),
        gone.get_or_set("key", "computed"),
    ]

    assert answers == ["otherwise", None, False, 1, {}, ["key"], False, False, False, None, "computed"]
    assert time.monotonic() - begun < 2


def test_a_redis_that_is_there_is_used(running_services: None) -> None:
    assert isinstance(caches["default"], ForgivingRedisCache)
    cache.set("key", 41)

    assert (cache.incr("key"), cache.get("key")) == (42, 42)
