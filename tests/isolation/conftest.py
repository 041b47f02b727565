"""What the isolation tests share: raw SQL, and a small site that says where it is."""

from collections.abc import Callable

import pytest
from django.db import connection
from pytest_django import Settings

Ask = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def ask(db: None) -> Ask:
    """Rows of a statement, sent as it is to wherever the connection stands."""

    def rows(statement: str, *values: object) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []

    return rows


@pytest.fixture
def small_site(settings: Settings) -> None:
    """Every host is served by tests.isolation.site."""
    settings.URLCONFS = {"organisation": "tests.isolation.site", "operations": "tests.isolation.site"}
    settings.ROOT_URLCONF = "tests.isolation.site"
