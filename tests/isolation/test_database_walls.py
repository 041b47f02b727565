"""The walls in the database: schema, role, rows of the registry."""

import pytest
from django.db import ProgrammingError, connection

from tenants.models import Organisation

pytestmark = pytest.mark.django_db


def ask(statement: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def test_an_organisation_cannot_read_a_table_of_another(
    organisation_a: Organisation, organisation_b: Organisation
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied for schema"):
        ask(f'SELECT count(*) FROM "{organisation_b.schema_name}".accounts_user')
