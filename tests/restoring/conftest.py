"""A database as it was: on one server, a copy of it made at that moment."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings as django_settings
from psycopg import sql

from kernel.database import connection
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation, Restore
from tenants.restoring import restoring
from tests import databases, services
from tests.payments.conftest import account, running_sandbox, sandbox  # noqa: F401


@dataclass(frozen=True)
class Moment:
    """A moment, and the address of the database as it was then."""

    at: datetime
    url: str


@pytest.fixture(autouse=True)
def _nobody_to_wait_for(settings: Any) -> None:
    settings.RESTORE_DRAIN_SECONDS = 0


@pytest.fixture
def remember() -> Iterator[Callable[[], Moment]]:
    """Keep the whole database as it is now. One such copy at a time."""
    name = f"preau_side_{services.worker()}"

    def copy() -> Moment:
        at = now()
        connection.close()
        with databases._administrator() as administrator:
            databases._drop(administrator, name)
            made = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            administrator.execute(made.format(sql.Identifier(name), sql.Identifier(databases._own_name())))
        connection.set_schema_to_public()
        known = django_settings.DATABASES["default"]
        return Moment(at, f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{name}")

    yield copy
    with databases._administrator() as administrator:
        databases._drop(administrator, name)


def now() -> datetime:
    """On the clock of the database, as whoever restores reads it from a log."""
    with in_registry(), connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [at] = cursor.fetchone()
    assert isinstance(at, datetime)
    return at


def an_organisation(slug: str = "a") -> Organisation:
    with in_registry():
        return Organisation.objects.get(slug=slug)


def bring_back(moment: Moment, slug: str = "a") -> Restore:
    return restoring.restore(
        organisation_id=an_organisation(slug).pk,
        moment=moment.at,
        asked_by="a test",
        side_url=moment.url,
        tell=lambda step: None,
    )


def counted(slug: str, *tables: str) -> list[int]:
    with in_organisation(an_organisation(slug)), connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            found.append(int(cursor.fetchone()[0]))
    return found


def wreck(slug: str, *statements: str) -> None:
    """As somebody would with the application's own rights."""
    schema = an_organisation(slug).schema_name
    with in_registry(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(schema)))
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("RESET search_path")
    connection.set_schema_to_public()
    connection.close()
