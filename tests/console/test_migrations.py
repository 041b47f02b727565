"""The operators' page of migrations."""

import pytest
from pytest_django import DjangoAssertNumQueries

from shared_apps.audit.models import Entry
from tenants.context import in_registry
from tenants.models import MigrationState, Organisation, SchemaMigration
from tenants.operations.create import create
from tenants.operations.provision import provision
from tests.clients import HostClient

pytestmark = pytest.mark.django_db

# Session, account, registry: two of them are the page's own.
QUERIES = 8


def put(slug: str, state: MigrationState, **columns: object) -> None:
    with in_registry():
        SchemaMigration.objects.filter(organisation__slug=slug).update(state=state, **columns)


def test_what_failed_comes_first_with_its_reason(operator: HostClient) -> None:
    put("b", MigrationState.FAILED, error='relation "x" already exists', attempts=2)

    page = operator.get("/console/migrations")

    first = page.context["standings"][0]
    assert (first.organisation.slug, first.state) == ("b", "failed")
    assert "relation &quot;x&quot; already exists" in page.content.decode()
    assert dict(page.context["states"]) == {"failed": 1, "running": 0, "behind": 0, "done": 2}


def test_one_state_is_kept(operator: HostClient) -> None:
    put("a", MigrationState.BEHIND)

    page = operator.get("/console/migrations?etat=behind")

    assert [each.organisation.slug for each in page.context["standings"]] == ["a"]
    assert operator.get("/console/migrations?etat=nonsense").context["standings"] == []


def test_a_round_is_asked_for_and_told_in_the_trail(operator: HostClient) -> None:
    assert operator.post("/console/migrations/lancer").url == "/console/migrations"

    assert Entry.objects.filter(action="migrations.asked").count() == 1
    assert operator.get("/console/migrations/lancer").status_code == 405


def test_no_schema_is_asked_however_many_there_are(
    operator: HostClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    operator.get("/console/migrations")
    with django_assert_num_queries(QUERIES):
        operator.get("/console/migrations")
    for number in range(2):
        provision(organisation_id=create(name=f"École {number}", slug=f"ecole-{number}").id)
    with django_assert_num_queries(QUERIES):
        page = operator.get("/console/migrations")
    with in_registry():
        assert len(page.context["standings"]) == Organisation.objects.count() == 5
