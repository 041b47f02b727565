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
def test_without_redis_each_process_remembers_by_itself(answering: bool, mute_server: str) -> None:
    gone = ForgivingRedisCache(mute_server if answering else "redis://127.0.0.1:1/0", {})
    gone.own.clear()
    begun = time.monotonic()

    answers = [
        gone.get("key", "otherwise"),
        gone.add("key", 1),
        gone.add("key", 2),
        gone.incr("key"),
        gone.set_many({"other": 3}),
        gone.get_many(["key", "other"]),
        gone.touch("key"),
        gone.has_key("key"),
        gone.delete("key"),
        gone.delete_many(["other"]),
        gone.get_or_set("key", "computed"),
    ]

    remembered = {"key": 2, "other": 3}
    assert answers == ["otherwise", True, False, 2, [], remembered, True, True, True, None, "computed"]
    assert time.monotonic() - begun < 2


def test_there_too_one_does_not_read_what_another_kept(
    organisation_a: Organisation, organisation_b: Organisation, settings: Settings
) -> None:
    gone = ForgivingRedisCache("redis://127.0.0.1:1/0", settings.CACHES["default"])
    gone.set("greeting", "bonjour from a")

    with in_organisation(organisation_b):
        assert gone.get("greeting") is None
    assert gone.get("greeting") == "bonjour from a"


def test_a_redis_that_is_there_is_used(running_services: None) -> None:
    assert isinstance(caches["default"], ForgivingRedisCache)
    cache.set("key", 41)

    assert (cache.incr("key"), cache.get("key")) == (42, 42)
