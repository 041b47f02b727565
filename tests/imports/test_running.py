"""An import is written whole or not at all, whatever happens to who writes it."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from pytest_django import Settings

from kernel import clock, leases
from shared_apps.audit.models import Entry
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.imports import going, operations, progress, running, tasks, tidying
from tenant_apps.imports.errors import AnotherRuns, NotNow, RowsRefused
from tenant_apps.imports.models import ImportRun, State
from tenant_apps.organisation.models import Establishment, Level
from tenants.context import current, in_organisation
from tests.imports.files import MILO, SARAH, a_table, an_importer, begun, checked, codes, imported, worked
from tests.imports.worker import a_worker

WRONG = "s3,Roy,Zoé,2017-05-06,École inconnue,1re,,,"
PATIENCE_SECONDS = 240


def confirm(run: ImportRun, *, skip: bool = False) -> None:
    operations.confirm(run_id=run.id, skip_refused=skip, actor=an_importer(), at=clock.now())


def kept_files() -> list[str]:
    return default_storage.listdir("imports")[1]


def test_refused_rows_hold_everything_up_unless_staff_leave_them_out() -> None:
    run = checked(a_table(SARAH, WRONG))
    assert (run.counts["new"], run.counts["refused"], codes(run)) == (
        1,
        1,
        [(3, "establishment", "unknown_establishment")],
    )

    with pytest.raises(RowsRefused):
        confirm(run)
    confirm(run, skip=True)
    worked(run)

    assert (run.state, Participant.objects.get().first_name) == (State.DONE, "Sarah")


def test_rows_that_came_to_be_refused_since_the_check_are_shown_first() -> None:
    run = checked(a_table(SARAH, MILO))
    confirm(run)
    Level.objects.filter(code="1re").delete()

    worked(run)
    assert (run.state, Participant.objects.count()) == (State.CHECKING, 0)

    worked(run)
    assert (run.state, codes(run)) == (State.CHECKED, [(3, "level", "unknown_level")])


def test_a_file_that_cannot_be_read_says_why_and_is_thrown_away() -> None:
    run = checked(b"nom\nRoy\n")

    assert (run.state, codes(run), run.ended_at is not None) == (State.FAILED, [(None, "", "missing_column")], True)
    assert kept_files() == []


def test_every_step_leaves_a_trace_with_who_took_it() -> None:
    actor = an_importer()
    run = imported(a_table(SARAH), actor=actor)

    entries = Entry.objects.filter(subject_id=run.id).order_by("at", "id")
    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("imports.begun", actor.user_id),
        ("imports.confirmed", actor.user_id),
        ("imports.applied", actor.user_id),
    ]
    assert Entry.objects.get(subject="participant").actor_id == actor.user_id


def test_two_imports_never_write_at_once() -> None:
    first, second = checked(a_table(SARAH)), checked(a_table(MILO))
    confirm(first)

    with pytest.raises(AnotherRuns):
        confirm(second)
    worked(first)
    confirm(second)

    assert worked(second).state == State.DONE


def test_a_step_is_taken_once() -> None:
    run = checked(a_table(SARAH))
    operations.cancel(run_id=run.id, actor=an_importer(), at=clock.now())

    for step in (confirm, lambda run: operations.cancel(run_id=run.id, actor=an_importer(), at=clock.now())):
        with pytest.raises(NotNow):
            step(run)


def test_a_run_that_was_cancelled_is_not_checked() -> None:
    run = begun(a_table(SARAH))
    operations.cancel(run_id=run.id, actor=an_importer(), at=clock.now())

    assert worked(run).state == State.CANCELLED


def test_a_worker_that_has_lost_its_run_writes_nothing() -> None:
    run = checked(a_table(SARAH))
    confirm(run)
    run.refresh_from_db()
    [mine] = leases.claimed(ImportRun.objects.filter(id=run.id), at=clock.now())
    [_another] = leases.claimed(ImportRun.objects.filter(id=run.id), at=clock.now() + timedelta(hours=1))

    with pytest.raises(running._Lost):
        running._advance(mine)

    assert Participant.objects.count() == 0


def test_a_defect_is_tried_again_and_then_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **more: Any) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(going.Going, "_take", fail)
    run = begun(a_table(SARAH))
    moment = clock.now()

    for _ in range(running.LAST_ATTEMPT):
        assert run.state == State.CHECKING
        worked(run, at=moment)
        moment += timedelta(hours=1)

    assert (run.state, run.errors) == (State.FAILED, [])


def test_a_file_that_kills_its_workers_is_given_up() -> None:
    run = begun(a_table(SARAH))
    ImportRun.objects.update(attempts=running.LAST_ATTEMPT)

    assert worked(run).state == State.FAILED


def test_a_failure_in_the_last_thousand_leaves_nothing_of_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(going, "CHUNK", 1)
    run = checked(a_table(SARAH, MILO))
    confirm(run)
    take = going.Going._take

    def fail_on_milo(self: going.Going, each: Any, *more: Any) -> None:
        if each.line.values["first_name"] == "Milo":
            raise RuntimeError("a defect")
        take(self, each, *more)

    monkeypatch.setattr(going.Going, "_take", fail_on_milo)
    worked(run)
    assert (run.state, Participant.objects.count(), Guardian.objects.count()) == (State.RUNNING, 0, 0)
    assert progress.told(run.id) == 1

    monkeypatch.undo()
    worked(run, at=clock.now() + timedelta(hours=1))
    assert (run.state, Participant.objects.count()) == (State.DONE, 2)


def test_what_a_family_writes_meanwhile_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    imported(a_table(SARAH))
    run = checked(a_table(SARAH.replace("2e", "1re")))
    confirm(run)
    matching = going.Known

    def then_a_family_writes(*args: Any) -> Any:
        known = matching(*args)
        Participant.objects.update(answers={"allergies": True})
        return known

    monkeypatch.setattr(going, "Known", then_a_family_writes)
    worked(run)

    assert (Participant.objects.get().answers, str(Participant.objects.get().level)) == (
        {"allergies": True},
        "1re année",
    )


def test_new_schools_go_with_an_import_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    run = checked(a_table(WRONG), create=True)
    confirm(run)
    monkeypatch.setattr(running.audit, "record", lambda **more: 1 / 0)

    worked(run)

    assert (run.state, Establishment.objects.count(), Participant.objects.count()) == (State.RUNNING, 1, 0)


@pytest.mark.django_db(transaction=True)
def test_children_are_forgotten_by_the_import_when_it_serves_no_more() -> None:
    done, waiting = imported(a_table(SARAH, WRONG), skip=True), checked(a_table(MILO))
    moment = clock.now()
    default_storage.save("imports/orphan", default_storage.open(waiting.path))

    tidying.tidy(at=moment + timedelta(days=2))
    assert sorted(kept_files()) == sorted([f"{done.id}.errors", str(waiting.id)])

    tidying.tidy(at=moment + tidying.UNCONFIRMED + timedelta(days=1))
    waiting.refresh_from_db()
    assert (waiting.state, kept_files()) == (State.CANCELLED, [f"{done.id}.errors"])

    ended = done.ended_at
    assert ended is not None
    assert done not in tidying.telling(ended_before=ended)
    assert tidying.forget_details(runs=tidying.telling(ended_before=ended + timedelta(seconds=1))) == 1
    done.refresh_from_db()
    assert (done.preview, done.errors, done.path, done.errors_path, kept_files()) == ([], [], "", "", [])
    assert done.counts["new"] == 1


def many(count: int) -> bytes:
    return a_table(
        *(f"s{n},Roy,Enfant {n},2016-03-04,École A,2e,Roy,Parent {n},p{n}@example.org" for n in range(count))
    )


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError("it never came to that")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("school")
def test_a_worker_that_is_killed_leaves_nothing_and_the_next_one_does_it_all(
    settings: Settings, tmp_path: Path
) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"
    run = begun(many(6000))

    def state() -> str:
        return ImportRun.objects.get(id=run.id).state

    with a_worker() as first:
        until(lambda: state() == State.CHECKED)
        confirm(run)
        until(lambda: progress.told(run.id))
        first.kill()
        first.wait()
    assert (state(), Participant.objects.count(), Guardian.objects.count()) == (State.RUNNING, 0, 0)
    far = progress.told(run.id)
    assert far is not None
    assert 0 < far < 6000

    clock.advance(leases.LEASE + timedelta(seconds=1))
    tasks.work.delay()
    with a_worker():
        until(lambda: state() == State.DONE)
    assert (Participant.objects.count(), Guardian.objects.count()) == (6000, 6000)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("school")
def test_nobody_waits_for_a_run_that_is_being_written() -> None:
    run = checked(a_table(SARAH))
    confirm(run)
    organisation, later = current(), clock.now() + timedelta(hours=1)

    def another_worker() -> None:
        with in_organisation(organisation):
            running.work(at=later)
        connection.close()

    with transaction.atomic():
        ImportRun.objects.filter(id=run.id).update(rows_done=0)
        other = threading.Thread(target=another_worker)
        other.start()
        other.join(PATIENCE_SECONDS)
        assert not other.is_alive()

    assert ImportRun.objects.get(id=run.id).attempts == 0
