"""A task runs in the organisation that sent it, or not at all: seen in a worker of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from celery import Task, current_app
from django.conf import settings

from kernel.tasks import nudge
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation, State, SuspendedFor
from tenants.operations.suspend import suspend
from tenants.tasks import HEADER, TaskRefused, each_organisation
from tests.factories.moments import NOON
from tests.isolation import worker
from tests.isolation.conftest import Ask

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 30
WORKER_OPTIONS = ("--concurrency=1", "--loglevel=ERROR", "--without-mingle", "--without-gossip")


@contextmanager
def a_worker() -> Iterator[None]:
    database = settings.DATABASES["default"]
    address = "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tests.isolation.worker", "worker", *WORKER_OPTIONS],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": address,
            "REDIS_URL": settings.REDIS_URL,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def what_ran(*, until: str) -> list[str]:
    """The notes of the worker, up to the mark that is sent last."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        ran = worker.notes().lrange(worker.RAN, 0, -1)
        if any(line.startswith(f"{until} ") for line in ran):
            return sorted(ran)
        time.sleep(0.05)
    raise AssertionError("the worker did not come to the last task")


@pytest.mark.django_db(transaction=True)
def test_a_worker_runs_each_task_where_it_was_sent_from(
    organisation_a: Organisation, organisation_b: Organisation
) -> None:
    a, b = organisation_a.schema_name, organisation_b.schema_name
    worker.fail.delay(mark="1")
    with in_organisation(organisation_b):
        worker.note.delay(mark="2")
    send = current_app.send_task
    send(worker.note.name, kwargs={"mark": "without an organisation"})
    send(worker.note.name, kwargs={"mark": "an unknown one"}, headers={HEADER: "org_00000000000000000000"})
    send(worker.note.name, kwargs={"mark": "the registry"}, headers={HEADER: "public"})
    worker.note_in_registry.delay(mark="3")
    worker.note.delay(mark="4")

    with a_worker():
        ran = what_ran(until="4")

    owner = settings.DATABASES["default"]["USER"]
    assert ran == [f"1 {a} {a}", f"2 {b} {b}", f"3 public {owner}", f"4 {a} {a}"]


def run(schema: str | None, task: "Task[Any, Any]" = worker.note) -> None:
    headers = {} if schema is None else {HEADER: schema}
    task.apply(kwargs={"mark": "x"}, headers=headers, throw=True)


@pytest.mark.parametrize("schema", [None, "", "public", "org_00000000000000000000"])
def test_a_task_of_nobody_is_refused(schema: str | None, organisation_a: Organisation) -> None:
    with in_registry(), pytest.raises(TaskRefused):
        run(schema)


@pytest.mark.django_db
def test_a_task_of_an_organisation_out_of_service_is_refused(organisation_b: Organisation) -> None:
    run(organisation_b.schema_name)

    suspend(organisation_id=organisation_b.id, reason=SuspendedFor.UNPAID, at=NOON)

    with pytest.raises(TaskRefused, match="suspended"):
        run(organisation_b.schema_name)
    run(organisation_b.schema_name, task=worker.note_even_suspended)


@pytest.mark.django_db
def test_a_task_of_an_organisation_whose_schema_is_gone_is_refused(organisation_b: Organisation, ask: Ask) -> None:
    ask(f"ALTER SCHEMA {organisation_b.schema_name} RENAME TO gone")

    with pytest.raises(TaskRefused, match="the database says public"):
        run(organisation_b.schema_name)


@pytest.mark.django_db
def test_a_task_cannot_be_sent_from_nowhere() -> None:
    with pytest.raises(TaskRefused, match="sent from none"):
        worker.note.delay(mark="x")
    with pytest.raises(TaskRefused, match="sent from none"):
        worker.note(mark="x")


@pytest.mark.django_db(transaction=True)
def test_a_round_is_sent_to_those_in_service(organisation_a: Organisation, organisation_b: Organisation) -> None:
    with in_registry():
        Organisation.objects.filter(schema_name="ops").update(
            state=State.SUSPENDED, suspended_for=SuspendedFor.DECISION
        )

    each_organisation.apply(kwargs={"task_name": worker.note_round.name}, throw=True)

    messages = worker.notes().lrange("celery", 0, -1)
    assert sum(organisation_a.schema_name in message for message in messages) == 1
    assert sum(organisation_b.schema_name in message for message in messages) == 1
    assert len(messages) == 2


def test_a_broker_that_is_down_disturbs_nobody(organisation_a: Organisation) -> None:
    broker = current_app.conf.broker_write_url
    current_app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    begun = time.monotonic()
    try:
        nudge(worker.note, mark="x")
    finally:
        current_app.conf.broker_write_url = broker

    assert time.monotonic() - begun < 2
