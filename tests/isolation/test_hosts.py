"""Which host is answered, by whom, and with what when nobody is there."""

import pytest
from django.http import HttpResponse
from pytest_django import DjangoAssertNumQueries

from tenants.context import in_registry
from tenants.models import Domain, Organisation, State
from tests.clients import HostClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_site")]


def get(host: str, path: str = "/", **headers: str) -> HttpResponse:
    response: HttpResponse = HostClient(host).get(path, headers={"host": host, **headers})
    return response


def put_in(state: State, organisation: Organisation) -> None:
    with in_registry():
        Organisation.objects.filter(id=organisation.id).update(state=state)


@pytest.mark.parametrize("host", ["a.localhost", "A.LocalHost", "a.localhost:8000", "a.localhost:1"])
def test_its_own_host_is_answered_in_its_schema_and_role(host: str, organisation_a: Organisation) -> None:
    assert get(host).content.decode() == f"{organisation_a.schema_name} {organisation_a.schema_name}"


def test_the_platform_has_its_own_host() -> None:
    assert get("localhost").content == b"ops ops"


@pytest.mark.parametrize(
    "host",
    [
        "c.localhost",
        "a.example.org",
        "a.localhost.example.org",
        "a.a.localhost",
        "127.0.0.1",
        "[::1]",
        "a.localhost..",
        "a.localhost:port",
        "a localhost",
        "a.localhost@b.localhost",
        "a.localhost,b.localhost",
        "",
    ],
)
def test_no_other_host_is_answered(host: str) -> None:
    assert get(host).status_code == 404


def test_a_host_named_by_a_proxy_header_is_not_believed(organisation_a: Organisation) -> None:
    response = get("a.localhost", **{"x-forwarded-host": "b.localhost"})

    assert response.content.decode() == f"{organisation_a.schema_name} {organisation_a.schema_name}"


@pytest.mark.parametrize("host", ["a.localhost.", "ecole-a.example.org"])
def test_another_name_leads_to_the_primary_one(host: str, organisation_a: Organisation) -> None:
    with in_registry():
        Domain.objects.create(tenant=organisation_a, domain="ecole-a.example.org", is_primary=False)
        Domain.objects.filter(domain="a.localhost").update(is_primary=True)

    response = get(host, "/who?next=%2F")

    assert (response.status_code, response.headers["Location"]) == (308, "http://a.localhost:8000/who?next=%2F")


@pytest.mark.parametrize("state", [State.PROVISIONING, State.FAILED, State.RESTORING])
def test_only_an_organisation_in_service_is_served(state: State, organisation_a: Organisation) -> None:
    assert get("a.localhost").status_code == 200

    put_in(state, organisation_a)

    response = get("a.localhost")
    assert (response.status_code, organisation_a.schema_name in response.content.decode()) == (503, False)


def test_the_host_costs_one_query(
    organisation_a: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    get("a.localhost")

    # The host, then schema and role, then what the page itself asks.
    with django_assert_num_queries(4) as queries:
        get("a.localhost")
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"] * 4


@pytest.mark.parametrize("host", ["a.localhost", "nobody.example.org", "127.0.0.1:8000", "not a host"])
def test_health_is_told_on_any_host(host: str) -> None:
    assert get(host, "/healthz").content == b"ok"
    told = get(host, "/readyz").json()  # type: ignore[attr-defined]
    assert {name: told[name] for name in ("database", "registry", "redis", "organisations_behind")} == {
        "database": True,
        "registry": True,
        "redis": True,
        "organisations_behind": 0,
    }
    assert told["release"]


def test_an_installation_without_its_own_organisation_is_not_ready() -> None:
    with in_registry():
        Organisation.objects.filter(schema_name="ops").update(state=State.FAILED)

    response = get("a.localhost", "/readyz")

    assert (response.status_code, response.json()["database"]) == (503, False)  # type: ignore[attr-defined]
