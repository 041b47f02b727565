"""Two hundred organisations: how fast they are made, and a release brought to all of them while families read."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from statistics import median

import psycopg
from django.conf import settings

from deploy.embedded import services
from kernel import clock
from tenants.context import in_registry
from tenants.models import MigrationState, Organisation, SchemaMigration
from tenants.operations.create import create
from tenants.operations.provision import provision
from tenants.schemas import template
from tests.bench import next_release
from tests.bench.server import database_url, serving

ORGANISATIONS = int(os.environ.get("ORGANISATIONS", "200"))
REQUESTS_A_SECOND = 20
LOCK_SECONDS = 10
LATE_SECONDS = 3


def measure_provisioning_and_a_release(transactional_db):
    template.current()
    made = [provisioned(number) for number in range(ORGANISATIONS)]
    print(f"\n{ORGANISATIONS} organisations made in {sum(made):.1f} s, the slowest in {max(made):.2f} s")

    with services.temporary_folder() as folder, serving() as server, families_reading(server.port) as traffic:
        env = {**os.environ, **next_release.environment(folder), "DATABASE_URL": database_url()}
        broken, locked = slugs()[5], slugs()[ORGANISATIONS // 2]
        in_the_way(broken)
        with a_lock_held(locked):
            begun = time.perf_counter()
            killed_after = killed_half_way(env)
            print(f"  killed -9 after {killed_after} were done: {states(env)}")
            first = migrate(env)
            print(
                f"  gone on with: status {first.returncode}, {states(env)}, {time.perf_counter() - begun:.1f} s in all"
            )
        assert first.returncode != 0
        assert states(env) == {"done": ORGANISATIONS + 2, "failed": 1}
        out_of_the_way(broken)
        begun = time.perf_counter()
        assert migrate(env).returncode == 0
        print(f"  mended and run again: {states(env)}, {time.perf_counter() - begun:.1f} s")
        begun = time.perf_counter()
        assert migrate(env).returncode == 0
        print(f"  with nothing to do: {time.perf_counter() - begun:.1f} s, the program's own start included")
        assert states(env) == {"done": ORGANISATIONS + 3}
    print(f"  meanwhile {traffic}")
    assert traffic.answers.keys() == {200}


def provisioned(number: int) -> float:
    begun = time.perf_counter()
    provision(organisation_id=create(name=f"Organisation {number}", slug=f"o-{number:03}", preset="city_qc").id)
    return time.perf_counter() - begun


def slugs() -> list[str]:
    return [f"o-{number:03}" for number in range(ORGANISATIONS)]


def killed_half_way(env: dict[str, str]) -> int:
    begun = clock.now()
    round_ = subprocess.Popen(command(), env=env, start_new_session=True, stdout=subprocess.DEVNULL)
    while (done := done_since(begun)) < ORGANISATIONS // 3:
        assert round_.poll() is None, "it ended before it could be killed"
        time.sleep(0.05)
    os.killpg(round_.pid, signal.SIGKILL)
    round_.wait()
    return done


def done_since(begun: datetime) -> int:
    with in_registry():
        return SchemaMigration.objects.filter(state=MigrationState.DONE, finished_at__gte=begun).count()


def migrate(env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command(), env=env, capture_output=True, text=True, check=False)


def states(env: dict[str, str]) -> dict[str, int]:
    told = subprocess.run([*command(), "--status", "--json"], env=env, stdout=subprocess.PIPE, text=True, check=True)
    return dict(Counter(row["state"] for row in json.loads(told.stdout)))


def command() -> list[str]:
    return [sys.executable, str(settings.ROOT / "manage.py"), "organisations", "migrate"]


def in_the_way(slug: str) -> None:
    with own_connection() as database:
        database.execute(f"ALTER TABLE {schema(slug)}.organisation_establishment ADD nickname int")  # type: ignore[arg-type]


def out_of_the_way(slug: str) -> None:
    with own_connection() as database:
        database.execute(f"ALTER TABLE {schema(slug)}.organisation_establishment DROP nickname")  # type: ignore[arg-type]


@contextmanager
def a_lock_held(slug: str) -> Iterator[None]:
    """Somebody's report reads the table for ten seconds."""
    with own_connection() as database:
        database.execute("BEGIN")
        database.execute(f"LOCK TABLE {schema(slug)}.organisation_establishment IN ACCESS SHARE MODE")  # type: ignore[arg-type]
        letting_go = threading.Timer(LOCK_SECONDS, lambda: database.execute("COMMIT"))
        letting_go.start()
        yield
        letting_go.join()


def schema(slug: str) -> str:
    with in_registry():
        return str(Organisation.objects.get(slug=slug).schema_name)


def own_connection() -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(database_url(), autocommit=True)


@dataclass
class Traffic:
    answers: Counter[object] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        late = sum(each > LATE_SECONDS for each in self.seconds)
        return (
            f"{len(self.seconds)} pages were asked: {dict(self.answers)}; half within {median(self.seconds):.2f} s, "
            f"{late} after {LATE_SECONDS} s, the slowest {max(self.seconds):.2f} s"
        )


@contextmanager
def families_reading(port: int) -> Iterator[Traffic]:
    traffic, is_over = Traffic(), threading.Event()
    hosts = [f"{slug}.{settings.PLATFORM_DOMAIN}" for slug in slugs()]
    chance = random.Random(38)  # noqa: S311

    def read() -> None:
        while not is_over.wait(4 / REQUESTS_A_SECOND):
            begun = time.perf_counter()
            traffic.answers[answer(port, chance.choice(hosts))] += 1
            traffic.seconds.append(time.perf_counter() - begun)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        yield traffic
    finally:
        is_over.set()
        for reader in readers:
            reader.join()


def answer(port: int, host: str) -> object:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/activites", headers={"Host": f"{host}:{port}"})
        return connection.getresponse().status
    except (OSError, HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
