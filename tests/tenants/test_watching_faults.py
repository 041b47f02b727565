"""Errors of the program and runs of its tasks, as operators see them: counted, and never in the words of anybody."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import shared_task
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from kernel import clock
from shared_apps.accounts.access import public
from tenants.context import in_registry
from tenants.models import Fault, JobRun, Organisation
from tenants.tasks import HEADER, TaskRefused, platform_task
from tenants.watching import faults, jobs
from tests.clients import HostClient
from tests.factories.moments import NOON

pytestmark = pytest.mark.django_db

CANARY = "Ada-Lovelace-canari"


class Broken(Exception):
    """Somebody's mistake."""


@public
def fails(request: HttpRequest) -> HttpResponse:
    raise Broken(CANARY + request.GET.get("name", ""))


urlpatterns = [path("fails", fails, name="fails"), path("", include("config.urls.organisation"))]


@shared_task(name="tests.watched")
def watched(*, fails: bool) -> None:
    if fails:
        raise Broken(CANARY)


@platform_task
def watched_on_the_registry() -> None:
    """Nothing to do."""


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    jobs._written.clear()
    yield


@pytest.fixture
def site(settings: Any, client: HostClient) -> HostClient:
    settings.URLCONFS = {"organisation": __name__, "operations": __name__}
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    return client


def run(organisation: Organisation | None, *, fails: bool = False) -> None:
    headers = {HEADER: organisation.schema_name} if organisation else {}
    watched.apply(kwargs={"fails": fails}, headers=headers)


def all_faults() -> list[tuple[object, ...]]:
    with in_registry():
        return list(Fault.objects.order_by("organisation__slug").values_list("organisation__slug", "kind", "times"))


def runs(task: str = "tests.watched") -> list[dict[str, Any]]:
    with in_registry():
        columns = ("organisation__slug", "finished_at", "failed_at", "failures", "error")
        return list(JobRun.objects.filter(task=task).order_by("organisation__slug").values(*columns))


def test_the_same_error_at_the_same_place_is_one_row_with_a_count(site: HostClient) -> None:
    for name in ("x", "y"):
        answer = site.get("/fails", {"name": name})

    assert all_faults() == [("a", "tests.tenants.test_watching_faults.Broken", 2)]
    with in_registry():
        row = Fault.objects.get()
    assert row.request_id == answer.headers["X-Request-Id"]
    assert row.place.startswith("fails · ")


def test_nothing_that_was_said_is_kept(site: HostClient) -> None:
    site.get("/fails", {"name": "Lovelace"})

    with in_registry():
        assert CANARY not in str(list(Fault.objects.values()))
        assert "Lovelace" not in str(list(Fault.objects.values()))


def test_another_organisation_has_its_own_row(
    site: HostClient, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    site.get("/fails")
    other = HostClient("b.localhost")
    other.raise_request_exception = False
    other.get("/fails")

    assert [(slug, times) for slug, _, times in all_faults()] == [("a", 1), ("b", 1)]


def test_what_a_visitor_does_wrong_is_no_fault(site: HostClient) -> None:
    assert site.get("/nowhere").status_code == 404

    assert all_faults() == []


def test_one_that_was_settled_and_comes_back_is_open_again(organisation_a: Organisation) -> None:
    def meet() -> None:
        faults.note(error, schema=organisation_a.schema_name, doing="here", at=NOON)

    error = Broken()
    meet()
    with in_registry():
        Fault.objects.update(settled_at=NOON)
    meet()

    with in_registry():
        assert Fault.objects.get().settled_at is None


def test_the_place_is_the_innermost_line_of_ours() -> None:
    try:
        clock.advance("not a time")  # type: ignore[arg-type]
    except TypeError as error:
        assert faults.place_of(error.__traceback__).startswith("kernel.clock:")


def test_faults_are_forgotten_after_ninety_days(organisation_a: Organisation) -> None:
    for doing, days in (("old", 91), ("recent", 89)):
        faults.note(Broken(), schema=organisation_a.schema_name, doing=doing, at=NOON - timedelta(days=days))

    assert faults.forget(at=NOON) == 1

    with in_registry():
        assert Fault.objects.get().place == "recent · ?"


def test_a_task_that_ends_well_is_written_down_once_a_minute(organisation_a: Organisation) -> None:
    run(organisation_a)
    [first] = runs()
    assert (first["organisation__slug"], first["failures"], first["error"]) == ("a", 0, "")

    run(organisation_a)
    jobs._written.clear()
    run(organisation_a)

    assert runs() == [first]


def test_a_task_that_fails_is_counted_until_it_ends_well(organisation_a: Organisation) -> None:
    run(organisation_a)
    run(organisation_a, fails=True)
    run(organisation_a, fails=True)

    [failing] = runs()
    assert (failing["failures"], failing["error"]) == (2, "tests.tenants.test_watching_faults.Broken")
    assert [times for _, _, times in all_faults()] == [2]

    run(organisation_a)
    [well] = runs()
    assert (well["failures"], well["error"], well["failed_at"]) == (0, "", failing["failed_at"])


def test_each_organisation_has_its_own_run_and_the_registry_too(
    organisation_a: Organisation, organisation_b: Organisation
) -> None:
    run(organisation_a)
    run(organisation_b, fails=True)
    watched_on_the_registry.apply()

    assert [(row["organisation__slug"], row["failures"]) for row in runs()] == [("a", 0), ("b", 1)]
    assert [row["organisation__slug"] for row in runs(watched_on_the_registry.name)] == [None]


def test_a_task_that_was_refused_is_no_fault(organisation_a: Organisation) -> None:
    with in_registry():
        result = watched.apply(kwargs={"fails": False}, headers={})

    assert isinstance(result.result, TaskRefused)
    assert (all_faults(), runs()) == ([], [])


def test_what_cannot_be_noted_disturbs_nobody(organisation_a: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_SUCCESS", "SELECT nothing FROM nowhere")
    monkeypatch.setattr(faults, "_COUNT", "SELECT nothing FROM nowhere")

    run(organisation_a)
    run(organisation_a, fails=True)

    assert [row["failures"] for row in runs()] == [1]
