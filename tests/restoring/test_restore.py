"""One organisation is brought back to a moment: what was lost is there again, and what must not come back does not."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import ProgrammingError

from kernel import clock
from kernel.database import connection
from tenant_apps.families.models import Guardian
from tenants.context import in_organisation, in_registry
from tenants.models import (
    Export,
    MigrationState,
    Organisation,
    Restore,
    SchemaMigration,
    State,
    SuspendedFor,
    WorkState,
)
from tenants.operations.suspend import NotInService, suspend
from tenants.restoring import claiming, exchanging, loading, restoring, wrecked
from tenants.restoring.errors import AtWork, NotAMoment, NotRestorable, NotThere, OtherMoment, TooLateToAbandon
from tenants.schemas import compare
from tests.clients import HostClient
from tests.factories.families import a_guardian
from tests.factories.organisation import an_organisation_profile
from tests.restoring.conftest import Moment, an_organisation, bring_back, counted, now, wreck

pytestmark = pytest.mark.django_db(transaction=True)

Remember = Callable[[], Moment]
GUARDIANS = "families_guardian"
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture(autouse=True)
def family() -> Iterator[None]:
    with in_organisation(an_organisation()):
        an_organisation_profile()
        a_guardian()
    return


def schemas() -> set[str]:
    with in_registry(), connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^(restoring|wrecked)_'")
        return {name for (name,) in cursor.fetchall()}


def own_connection() -> psycopg.Connection[Any]:
    known = connection.settings_dict
    return psycopg.connect(
        host=known["HOST"], port=known["PORT"], user=known["USER"], password=known["PASSWORD"], dbname=known["NAME"]
    )


def test_what_was_lost_is_there_again(remember: Remember) -> None:
    moment = remember()
    wreck("a", f"DELETE FROM {GUARDIANS}")

    done = bring_back(moment)

    assert counted("a", GUARDIANS) == [1]
    assert (an_organisation().state, done.state, done.step) == (State.READY, WorkState.DONE, "")
    assert schemas() == {done.report["wrecked"]}


def test_even_where_the_tables_themselves_are_gone(remember: Remember) -> None:
    moment = remember()
    wreck("a", "DROP TABLE families_guardian, outbox_message, orders_numbering CASCADE")

    bring_back(moment)

    assert counted("a", GUARDIANS) == [1]
    assert compare.differences(an_organisation().schema_name, reference="ops") == []


def test_it_has_the_rights_of_every_other(remember: Remember) -> None:
    done = bring_back(remember())
    schema = an_organisation().schema_name

    with in_organisation(an_organisation()), connection.cursor() as cursor:
        for table, right in ((GUARDIANS, "UPDATE"), ("audit_entry", "INSERT"), ("audit_entry", "UPDATE")):
            cursor.execute("SELECT has_table_privilege(%s, %s)", [f"{schema}.{table}", right])
            assert cursor.fetchone() == ((table, right) != ("audit_entry", "UPDATE"),)
        with pytest.raises(ProgrammingError, match="permission denied for schema wrecked_"):
            cursor.execute(f"SELECT * FROM {done.report['wrecked']}.{GUARDIANS}")


def test_nobody_is_signed_in_by_a_session_of_then(remember: Remember) -> None:
    with in_organisation(an_organisation()):
        Session.objects.create(session_key="s" * 32, session_data="", expire_date=clock.now() + timedelta(days=9))

    bring_back(remember())

    assert counted("a", "django_session") == [0]


def test_what_was_released_since_is_there_too(remember: Remember) -> None:
    moment = remember()
    schema = an_organisation().schema_name
    with psycopg.connect(moment.url, autocommit=True) as side:
        side.execute(f"ALTER TABLE {schema}.accounting_statementline DROP COLUMN known_as")
        side.execute(f"DELETE FROM {schema}.django_migrations WHERE app = 'accounting' AND name = '0002_known_as'")

    bring_back(moment)

    assert compare.differences(schema, reference="ops") == []


@pytest.mark.parametrize(
    "wrong", [datetime(2001, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)], ids=["before", "to come"]
)
def test_a_moment_before_it_was_there_or_to_come_is_refused(wrong: datetime) -> None:
    with pytest.raises(NotAMoment):
        bring_back(Moment(wrong, NOWHERE))

    assert (an_organisation().state, Restore.objects.count()) == (State.READY, 0)


@pytest.mark.parametrize("state", [State.PROVISIONING, State.FAILED, State.ERASING, State.ERASED])
def test_what_is_not_in_service_is_refused(state: State) -> None:
    moment = Moment(now(), NOWHERE)
    Organisation.objects.filter(slug="a").update(state=state)

    with pytest.raises(NotRestorable):
        bring_back(moment)

    assert an_organisation().state == state


def test_the_platforms_own_comes_back_with_the_whole_database() -> None:
    with pytest.raises(NotRestorable):
        bring_back(Moment(now(), NOWHERE), "ops")


def test_an_export_or_a_migration_under_way_is_let_finish() -> None:
    moment = Moment(now(), NOWHERE)
    export = Export.objects.create(organisation=an_organisation(), asked_by="somebody", state=WorkState.RUNNING)
    with pytest.raises(AtWork):
        bring_back(moment)
    export.delete()
    SchemaMigration.objects.update_or_create(organisation=an_organisation(), defaults={"state": MigrationState.RUNNING})
    with pytest.raises(AtWork):
        bring_back(moment)
    SchemaMigration.objects.update(state=MigrationState.DONE)

    with in_registry():
        claiming.check(an_organisation(), moment.at)


def test_one_at_a_time() -> None:
    moment = Moment(now(), NOWHERE)

    with claiming.alone(an_organisation().pk), pytest.raises(AtWork):
        bring_back(moment)


def test_a_copy_without_it_leaves_all_as_it_was(remember: Remember) -> None:
    moment = remember()
    with psycopg.connect(moment.url, autocommit=True) as side:
        side.execute(f"DROP SCHEMA {an_organisation().schema_name} CASCADE")

    with pytest.raises(NotThere):
        bring_back(moment)

    assert (an_organisation().state, schemas()) == (State.READY, set())
    assert counted("a", GUARDIANS) == [1]
    assert Restore.objects.get().state == WorkState.FAILED


def test_a_copy_that_does_not_answer_leaves_all_as_it_was() -> None:
    with pytest.raises(psycopg.OperationalError):
        bring_back(Moment(now(), NOWHERE))

    assert (an_organisation().state, schemas(), counted("a", GUARDIANS)) == (State.READY, set(), [1])


def test_meanwhile_it_says_to_come_back_and_the_others_answer(remember: Remember) -> None:
    moment, seen = remember(), set()

    def look(_step: str) -> None:
        if an_organisation().state != State.RESTORING:
            return
        closed = HostClient("a.localhost").get("/")
        seen.add(
            (closed.status_code, closed.headers.get("Retry-After"), HostClient("b.localhost").get("/").status_code)
        )

    restoring.restore(
        organisation_id=an_organisation().pk, moment=moment.at, asked_by="a test", side_url=moment.url, tell=look
    )

    assert seen == {(503, "10", 200)}
    assert HostClient("a.localhost").get("/").status_code == 200


def test_whoever_was_inside_meets_a_wall(remember: Remember, monkeypatch: pytest.MonkeyPatch) -> None:
    moment, schema = remember(), an_organisation().schema_name
    inside = own_connection()
    inside.execute(f"SET ROLE {schema}")
    inside.execute(f"SET search_path TO {schema}")
    inside.commit()
    met: list[str] = []

    def write() -> None:
        try:
            inside.execute("UPDATE families_guardian SET phone = 'written by who was inside'")
            inside.commit()
        except psycopg.Error as error:
            inside.rollback()
            met.append(type(error).__name__)

    loaded = loading.load
    monkeypatch.setattr(loading, "load", lambda *given, **named: (write(), loaded(*given, **named)))

    done = bring_back(moment)

    inside.close()
    # Without the right to use the schema its tables are not even seen.
    assert met == ["UndefinedTable"]
    with in_registry(), connection.cursor() as cursor:
        for place in (schema, done.report["wrecked"]):
            cursor.execute(f"SELECT count(*) FROM {place}.families_guardian WHERE phone <> ''")
            assert cursor.fetchone() == (0,)


def test_whoever_does_not_leave_is_put_out(remember: Remember, monkeypatch: pytest.MonkeyPatch) -> None:
    moment, schema = remember(), an_organisation().schema_name
    monkeypatch.setattr(exchanging, "_LOCK_TIMEOUT", "200ms")
    stays = own_connection()
    stays.execute(f"UPDATE {schema}.families_guardian SET phone = 'never confirmed'")

    bring_back(moment)

    with pytest.raises(psycopg.OperationalError):
        stays.commit()
    with in_organisation(an_organisation()):
        assert Guardian.objects.get().phone == ""


class _Killed(BaseException):
    """Nothing that the process would have done any more is done."""


PLACES = (
    ("tenants.restoring.side.database_at", "before"),
    ("tenants.restoring.loading._copy", "before"),
    ("tenants.restoring.loading._end_sessions", "after"),
    ("tenants.restoring.exchanging._exchange", "before"),
    ("tenants.restoring.exchanging._exchange", "after"),
    ("tenants.restoring.exchanging.exchange", "after"),
    ("tenants.restoring.rooms.Scene.rows", "after"),
    ("tenants.restoring.restoring._finish", "before"),
    ("tenants.restoring.claiming.give_back", "after"),
)


@pytest.mark.parametrize(("place", "when"), PLACES)
def test_killed_anywhere_and_run_again_it_is_done(
    remember: Remember, monkeypatch: pytest.MonkeyPatch, place: str, when: str
) -> None:
    moment = remember()
    wreck("a", f"DELETE FROM {GUARDIANS}")
    with monkeypatch.context() as killing:
        killing.setattr(restoring, "_undo", lambda *given: None)
        _kill_at(killing, place, after=when == "after")
        with pytest.raises(_Killed):
            bring_back(moment)
    connection.close()
    if Restore.objects.get().state != WorkState.DONE:
        assert an_organisation().state == State.RESTORING
        done = bring_back(moment)
    else:
        done = Restore.objects.get()

    assert (done.state, an_organisation().state, counted("a", GUARDIANS)) == (WorkState.DONE, State.READY, [1])
    assert schemas() == {done.report["wrecked"]}


def _kill_at(killing: pytest.MonkeyPatch, place: str, *, after: bool) -> None:
    from django.utils.module_loading import import_string

    meant = (
        import_string(place) if not place.endswith("Scene.rows") else import_string(place.removesuffix(".rows")).rows
    )

    def killed(*given: Any, **named: Any) -> Any:
        if after and callable(meant):
            meant(*given, **named)
        raise _Killed

    killing.setattr(place, killed)


def test_another_moment_waits_for_the_one_that_was_interrupted(
    remember: Remember, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = remember()
    with monkeypatch.context() as killing:
        killing.setattr(restoring, "_undo", lambda *given: None)
        _kill_at(killing, "tenants.restoring.loading._end_sessions", after=False)
        with pytest.raises(_Killed):
            bring_back(moment)

    with pytest.raises(OtherMoment):
        bring_back(Moment(moment.at - timedelta(milliseconds=1), moment.url))
    abandoned = restoring.abandon(organisation_id=an_organisation().pk)

    assert abandoned and abandoned.state == WorkState.FAILED
    assert (an_organisation().state, schemas(), counted("a", GUARDIANS)) == (State.READY, set(), [1])
    assert restoring.abandon(organisation_id=an_organisation().pk) is None


def test_once_exchanged_there_is_only_going_on(remember: Remember, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = remember()
    with monkeypatch.context() as killing:
        _kill_at(killing, "tenants.restoring.claiming.give_back", after=False)
        with pytest.raises(_Killed):
            bring_back(moment)

    with pytest.raises(TooLateToAbandon):
        restoring.abandon(organisation_id=an_organisation().pk)

    assert bring_back(moment).state == WorkState.DONE


def test_a_suspended_one_comes_back_suspended(remember: Remember) -> None:
    suspend(organisation_id=an_organisation().pk, reason=SuspendedFor.UNPAID, at=clock.now())
    moment = remember()

    bring_back(moment)

    found = an_organisation()
    assert (found.state, found.suspended_for) == (State.SUSPENDED, SuspendedFor.UNPAID)


def test_nobody_suspends_it_meanwhile() -> None:
    Organisation.objects.filter(slug="a").update(state=State.RESTORING)

    with pytest.raises(NotInService):
        suspend(organisation_id=an_organisation().pk, reason=SuspendedFor.UNPAID, at=clock.now())

    assert an_organisation().state == State.RESTORING


def test_what_it_had_in_the_cache_is_forgotten_and_limits_are_not(remember: Remember) -> None:
    moment = remember()
    for slug in ("a", "b"):
        with in_organisation(an_organisation(slug)):
            cache.set("shown", "before")
            cache.set("allauth:tries", 3)

    bring_back(moment)

    kept = {}
    for slug in ("a", "b"):
        with in_organisation(an_organisation(slug)):
            kept[slug] = (cache.get("shown"), cache.get("allauth:tries"))
    assert kept == {"a": (None, 3), "b": ("before", 3)}


def test_what_was_put_aside_goes_after_some_days(remember: Remember, settings: Any) -> None:
    settings.WRECKED_DAYS = 7
    done = bring_back(remember())
    assert done.finished_at

    assert wrecked.drop_old(at=done.finished_at + timedelta(days=7, seconds=-1)) == []
    assert wrecked.drop_old(at=done.finished_at + timedelta(days=7)) == [done.report["wrecked"]]
    assert schemas() == set()


def test_of_an_organisation_that_is_erased_nothing_is_put_aside(remember: Remember) -> None:
    done = bring_back(remember())

    assert wrecked.drop_of(an_organisation("b").pk) == []
    assert wrecked.drop_of(an_organisation().pk) == [done.report["wrecked"]]
    assert wrecked.drop_of(an_organisation().pk) == []


def test_the_command_says_what_it_did(remember: Remember) -> None:
    moment, told = remember(), StringIO()
    where = {"from_database_url": moment.url, "stdout": told}

    call_command("organisations", "restore", "a", f"--at={moment.at.isoformat()}", "--json", **where)

    said = json.loads(told.getvalue())
    assert (said["slug"], said["state"], said["done"]["erasures"]) == ("a", "done", {"families": 0})
    assert set(said["done"]) == {
        "keys",
        "numbers",
        "numbers of receipts and deposits",
        "numbers of slips",
        "accounts",
        "messages",
        "erasures",
        "money",
        "books",
        "retention",
        "files",
        "events of the processor",
    }


def test_the_command_refuses_in_words() -> None:
    with pytest.raises(CommandError, match="Say the zone"):
        call_command("organisations", "restore", "a", "--at=2026-11-22T14:05:00", "--dry-run")
    with pytest.raises(CommandError, match="yesterday is no moment"):
        call_command("organisations", "restore", "a", "--at=yesterday", "--dry-run")
    with pytest.raises(CommandError, match="Choisissez un moment"):
        call_command("organisations", "restore", "a", "--at=2001-01-01T00:00:00Z", "--dry-run")
    with pytest.raises(CommandError, match="RESTORE_SIDE_COMMAND"):
        call_command("organisations", "restore", "a", f"--at={now().isoformat()}")
    assert an_organisation().state == State.READY
