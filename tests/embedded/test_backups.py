"""The archive of the database: any moment of it comes back beside the live server, which notices nothing."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from deploy.embedded import archive, backups, postgres, services, side
from deploy.embedded.archive import Archive
from deploy.embedded.failure import Failure
from deploy.embedded.process import REPOSITORY
from tests.embedded.conftest import Person, eventually


@pytest.fixture
def live(data_folder: Path) -> Iterator[postgres.Postgres]:
    """A server whose log is kept, and of which one copy was made."""
    with services.postgres(data_folder, backups=True) as server:
        with psycopg.connect(server.url, autocommit=True) as application:
            application.execute("CREATE TABLE told (number int)")
        backups.copy(data_folder)
        yield server


def kept_in(folder: Path) -> Archive:
    return archive.of(folder, postgres.cluster_in(folder).account)


def tell(server: postgres.Postgres, number: int) -> datetime:
    """Write a number, and return a moment after it was confirmed."""
    with psycopg.connect(server.url, autocommit=True) as application:
        application.execute("INSERT INTO told VALUES (%s)", [number])
        [(moment,)] = application.execute("SELECT clock_timestamp()").fetchall()
    return moment


def told(url: str) -> list[int]:
    with psycopg.connect(url) as application:
        return [number for (number,) in application.execute("SELECT number FROM told ORDER BY number")]


def test_a_moment_comes_back_beside_the_live_server(data_folder: Path, live: postgres.Postgres) -> None:
    moments = [tell(live, number) for number in (1, 2, 3)]

    with side.database_at(data_folder, moments[1]) as url:
        assert (told(url), told(live.url)) == ([1, 2], [1, 2, 3])
        with psycopg.connect(url, autocommit=True) as application:
            application.execute("ALTER TABLE told RENAME TO renamed")

    assert told(live.url) == [1, 2, 3]
    assert not (kept_in(data_folder).folder / "side").exists()


def test_it_is_gone_when_whoever_asked_is(data_folder: Path, live: postgres.Postgres) -> None:
    moment = tell(live, 1)
    command = [sys.executable, "-m", "deploy.embedded.side", str(data_folder), moment.isoformat()]
    asked = subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert asked.stdin and asked.stdout
    url = json.loads(asked.stdout.readline())["url"]
    assert told(url) == [1]

    asked.stdin.close()

    assert asked.wait(20) == 0
    assert not (kept_in(data_folder).folder / "side").exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_moment_before_the_first_copy_is_refused(data_folder: Path, live: postgres.Postgres) -> None:
    [base] = kept_in(data_folder).bases()
    before = base.ended - timedelta(seconds=1)

    with pytest.raises(Failure, match="No copy of the database is as old"), side.database_at(data_folder, before):
        pass


def test_a_segment_is_kept_once_and_never_replaced(data_folder: Path, live: postgres.Postgres, tmp_path: Path) -> None:
    kept = kept_in(data_folder)
    segment = tmp_path / "segment"

    def keep(content: bytes) -> int:
        segment.write_bytes(content)
        return subprocess.run(["sh", kept.folder / "archive.sh", segment, "0A", kept.log], check=False).returncode

    assert (keep(b"first"), keep(b"first"), keep(b"other")) == (0, 0, 1)
    assert gzip.decompress((kept.log / "0A.gz").read_bytes()) == b"first"
    assert [path.name for path in kept.log.glob(".*")] == []


def test_old_copies_go_and_what_their_moments_need_stays(data_folder: Path, live: postgres.Postgres) -> None:
    for number in (1, 2):
        tell(live, number)
        backups.copy(data_folder)
    kept = kept_in(data_folder)
    _first, second, third = kept.bases()

    backups.prune(kept, before=second.ended + timedelta(milliseconds=1))

    assert kept.bases() == [second, third]
    assert min(path.name for path in kept.log.glob("*.gz")) >= second.first
    with side.database_at(data_folder, third.ended - timedelta(milliseconds=1)) as url:
        assert told(url) == [1, 2]


def test_a_copy_that_was_interrupted_is_none(data_folder: Path, live: postgres.Postgres) -> None:
    kept = kept_in(data_folder)
    half = kept.copies / "20260101T000000.000000Z"
    half.mkdir()

    assert half not in [base.folder for base in kept.bases()]
    backups.prune(kept, before=datetime.now(UTC) - timedelta(days=14))
    assert (half.exists(), len(kept.bases())) == (False, 1)


def test_a_start_without_the_archive_asks_for_another_copy(
    data_folder: Path, live: postgres.Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_DAYS", "14")
    backups.look_after(data_folder)
    assert len(kept_in(data_folder).bases()) == 1

    kept_in(data_folder).interrupt()
    backups.look_after(data_folder)

    assert len(kept_in(data_folder).bases()) == 2


def test_it_works_for_whoever_runs_the_project(folder: Path, person: Person) -> None:
    code = "tests.embedded.keeper"
    keeper = person.command(code, str(person.owns(folder)))

    said, _ = keeper.communicate(timeout=60)

    assert (said.splitlines()[-1:], keeper.returncode) == (["[(1,)]"], 0)
    eventually(lambda: not (folder / "postgres" / "postmaster.pid").exists())
