"""What the isolation tests share: raw SQL, and a small site that says where it is."""

from collections.abc import Callable

import pytest
from django.db import connection

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
def small_site(settings: object) -> None:
    """Every host is served by tests.isolation.site."""
    settings.URLCONFS = {"organisation": "tests.isolation.site", "operations": "tests.isolation.site"}  # type: ignore[attr-defined]
    settings.ROOT_URLCONF = "tests.isolation.site"  # type: ignore[attr-defined]
