"""What every test may ask for: services, a database made in no time, two organisations that are twins.

A test that asks for no database starts no server.
"""

import os
from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from kernel.database import connection
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests import databases, services
from tests.clients import HostClient

pytest_plugins = ["tests.lines", "tests.browsers", "tests.names"]

# Playwright keeps an event loop in the main thread, and Django then takes every query for an asynchronous one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A busy machine is no fault of what is tested.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    # Workers of xdist share the servers of the process that starts them.
    if getattr(config.option, "dist", "no") != "no" and not hasattr(config, "workerinput"):
        services.start()


def pytest_unconfigure() -> None:
    services.stop()


@pytest.fixture(scope="session")
def running_services() -> None:
    """PostgreSQL and Redis, which the settings then name."""
    services.start()


@pytest.fixture(scope="session")
def django_db_setup(
    running_services: None, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    with django_db_blocker.unblock():
        databases.prepare()
    # Django's way, emptying the tables, would empty the registry as well.
    emptying = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda self: databases.renew()  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = emptying  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        databases.remove()


@pytest.fixture(autouse=True)
def _back_to_the_registry() -> Iterator[None]:
    """Neither the organisation nor the cached values of one test reach the next."""
    connection.set_schema_to_public()
    services.empty_redis()
    yield
    connection.set_schema_to_public()


@pytest.fixture
def organisation_a(db: None) -> Iterator[Organisation]:
    """The first twin, at a.localhost. The test is inside it."""
    with in_organisation(Organisation.objects.get(slug="a")) as organisation:
        yield organisation


@pytest.fixture
def organisation_b(db: None) -> Organisation:
    """The second twin, at b.localhost. The test is not inside it: `in_organisation` enters it."""
    with in_registry():
        return Organisation.objects.get(slug="b")


@pytest.fixture
def client(organisation_a: Organisation) -> HostClient:
    """A browser at a.localhost."""
    return HostClient("a.localhost")
