"""Redis: ready in an instant, closed to strangers, empty at each start, gone with its parent."""

import os
import signal
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from deploy.embedded import redis_server, services
from deploy.embedded.failure import Failure
from deploy.embedded.process import Child


def test_it_serves_those_who_know_the_password(folder: Path) -> None:
    with services.redis(folder) as server:
        client = redis.Redis.from_url(server.url)
        client.set("greeting", "bonjour")
        assert client.get("greeting") == b"bonjour"
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)).ping()


def test_killed_it_starts_again_at_the_same_address(folder: Path) -> None:
    first = redis_server.prepare(folder)
    killed = Child(first.part)
    killed.wait_ready()
    os.kill(killed.pid, signal.SIGKILL)
    killed.stop()

    with services.redis(folder) as again:
        assert again.url == first.url
        assert redis.Redis.from_url(again.url).keys() == []


def test_its_configuration_is_for_its_owner_only(folder: Path) -> None:
    redis_server.prepare(folder)

    assert oct((folder / "redis.conf").stat().st_mode & 0o777) == "0o600"


def test_the_machines_own_server_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = folder / "redis-server"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    assert redis_server.program() == own


def test_a_machine_without_redis_is_told_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_server, "_candidates", list)

    with pytest.raises(Failure, match="REDIS_URL=redis://"):
        redis_server.program()
