"""A round of migrations: claimed once, stopped by too many failures, and gone on with after a stop."""

import threading
import time

import psycopg
import pytest
from django.db import connection

from tenants.models import MigrationState, Organisation, SchemaMigration, State
from tenants.schemas import compare, migrate, parallel, status
from tests.isolation.conftest import Ask
from tests.isolation.conftest import ask as ask  # the fixture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def behind(organisation_a: Organisation, organisation_b: Organisation, ask: Ask) -> list[Organisation]:
    """Both twins lack a table and the migration that makes it."""
    connection.set_schema_to_public()
    for organisation in (organisation_a, organisation_b):
        ask(f"DROP TABLE {organisation.schema_name}.django_session")
        ask(f"DELETE FROM {organisation.schema_name}.django_migrations WHERE app = 'sessions'")
    return sorted([organisation_a, organisation_b], key=lambda each: each.schema_name)


def states(of: list[Organisation]) -> list[str]:
    return [SchemaMigration.objects.get(organisation=each).state for each in of]


def test_two_workers_share_the_round_and_each_schema_is_migrated_once(behind: list[Organisation]) -> None:
    migrate.prepare()
    begin = threading.Barrier(2)
    rounds: list[migrate.Round] = []

    def work() -> None:
        begin.wait()
        try:
            rounds.append(migrate.work())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert sorted(schema for each in rounds for schema in each.done) == [each.schema_name for each in behind]
    assert [failure for each in rounds for failure in each.failures] == []
    assert [compare.differences(each.schema_name, reference="ops") for each in behind] == [[], []]


def test_what_somebody_works_at_is_left_to_them(behind: list[Organisation]) -> None:
    migrate.prepare()
    with another_session() as other:
        claim(behind[0], backend=session_of(other))
        assert migrate.work().done == [behind[1].schema_name]
        assert states(behind) == [MigrationState.RUNNING, MigrationState.DONE]


def test_what_a_killed_worker_left_is_taken_up(behind: list[Organisation], ask: Ask) -> None:
    migrate.prepare()
    with another_session() as other:
        killed = session_of(other)
        claim(behind[0], backend=killed)
    wait_until_gone(killed, ask)

    assert migrate.work().done == [each.schema_name for each in behind]
    assert SchemaMigration.objects.get(organisation=behind[0]).attempts == 2


def test_a_second_start_takes_nothing_from_who_is_at_work(behind: list[Organisation]) -> None:
    migrate.prepare()
    with another_session() as other:
        claim(behind[0], backend=session_of(other))

        migrate.prepare()

        assert states(behind) == [MigrationState.RUNNING, MigrationState.BEHIND]


def test_too_many_failures_stop_the_round(
    behind: list[Organisation], ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "MOST_FAILURES", 1)
    for organisation in behind:
        ask(f"CREATE TABLE {organisation.schema_name}.django_session (is_in_the_way int)")

    _, left = parallel.run(workers=1)

    assert left == {
        behind[0].schema_name: 'relation "django_session" already exists',
        behind[1].schema_name: "not migrated",
    }
    assert states(behind) == [MigrationState.FAILED, MigrationState.BEHIND]


def test_a_round_goes_on_where_it_stopped(behind: list[Organisation], ask: Ask) -> None:
    ask(f"CREATE TABLE {behind[0].schema_name}.django_session (is_in_the_way int)")
    parallel.run(workers=1)
    assert states(behind) == [MigrationState.FAILED, MigrationState.DONE]

    ask(f"DROP TABLE {behind[0].schema_name}.django_session")
    waiting, left = parallel.run(workers=1)

    assert (waiting, left, states(behind)) == ([behind[0]], {}, [MigrationState.DONE, MigrationState.DONE])


def test_what_fails_for_the_platform_s_own_is_tried_nowhere_else(behind: list[Organisation], ask: Ask) -> None:
    ask("DELETE FROM ops.django_migrations WHERE app = 'sessions'")

    _, left = parallel.run(workers=1)

    assert left["ops"] == 'relation "django_session" already exists'
    assert states(behind) == [MigrationState.BEHIND, MigrationState.BEHIND]


def test_a_lock_held_by_somebody_is_waited_for_in_short_turns(behind: list[Organisation], ask: Ask) -> None:
    """Their statements, which queue behind ours, pass between two turns."""
    table = f"{behind[0].schema_name}.django_migrations"
    with another_session() as other:
        other.execute("BEGIN")
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # type: ignore[arg-type]
        release = threading.Timer(3, lambda: other.execute("COMMIT"))
        SchemaMigration.objects.all().update(state=MigrationState.DONE)
        status.write(behind[0], MigrationState.BEHIND)
        release.start()
        begun = time.monotonic()
        done = migrate.work().done
        release.join()

    assert (done, time.monotonic() - begun >= 2) == ([behind[0].schema_name], True)


def test_one_that_is_being_restored_is_left_alone(behind: list[Organisation]) -> None:
    Organisation.objects.filter(pk=behind[0].pk).update(state=State.RESTORING)

    _, left = parallel.run(workers=1)

    assert left == {behind[0].schema_name: "not migrated"}


def test_who_was_made_from_another_release_is_behind(organisation_a: Organisation) -> None:
    connection.set_schema_to_public()
    assert status.count_behind() == 0

    SchemaMigration.objects.filter(organisation=organisation_a).update(target="of another release")

    assert status.count_behind() == 1
    assert {each.organisation.slug: each.state for each in status.of_all()}["a"] == MigrationState.BEHIND


def another_session() -> "psycopg.Connection[tuple[object, ...]]":
    wanted = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user", "password")}
    return psycopg.connect(**wanted, dbname=connection.settings_dict["NAME"], autocommit=True)


def session_of(other: "psycopg.Connection[tuple[object, ...]]") -> str:
    statement = "SELECT pid || '/' || extract(epoch FROM backend_start) FROM pg_stat_activity WHERE pid = %s"
    return str(other.execute(statement, [other.info.backend_pid]).fetchall()[0][0])


def wait_until_gone(session: str, ask: Ask) -> None:
    """A session's process ends a moment after its client has left."""
    alive = "SELECT 1 FROM pg_stat_activity WHERE pid || '/' || extract(epoch FROM backend_start) = %s"
    for _ in range(100):
        if not ask(alive, session):
            return
        time.sleep(0.05)
    raise AssertionError("the session stays")


def claim(organisation: Organisation, *, backend: str) -> None:
    SchemaMigration.objects.filter(organisation=organisation).update(
        state=MigrationState.RUNNING, backend=backend, attempts=1
    )
