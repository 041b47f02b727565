"""What is said of an error where people of the platform read it: never what a family wrote."""

import psycopg
import pytest
from django.db import DatabaseError, connection

from kernel import wordless

pytestmark = pytest.mark.django_db

TREMBLAY = "Tremblay 819-555-0101"


def of(statement: str) -> str:
    with pytest.raises(DatabaseError) as failure, connection.cursor() as cursor:
        cursor.execute(statement)
    return wordless.reason(failure.value)


def test_what_is_in_a_row_is_told_by_its_kind() -> None:
    assert of(f"SELECT '{TREMBLAY}'::int") == "InvalidTextRepresentation"
    assert wordless.reason(RuntimeError(f"COPY families_guardian, line 3: {TREMBLAY}")) == "RuntimeError"


def test_tables_are_told_in_the_databases_words() -> None:
    assert of("SELECT nickname FROM django_migrations") == 'column "nickname" does not exist'


def test_also_of_another_connection() -> None:
    connection.ensure_connection()
    with pytest.raises(psycopg.Error) as failure, connection.connection.cursor() as cursor:
        cursor.execute("SELECT nickname FROM django_migrations")

    assert wordless.reason(failure.value) == 'column "nickname" does not exist'
