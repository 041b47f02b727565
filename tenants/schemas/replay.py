"""Makes an organisation's schema by replaying the template's SQL: a tenth of a second, where migrations take seven."""

from django.db import connection

from tenants.schemas.template import PLACEHOLDER


def replay(template: str, *, schema: str) -> None:
    """Create `schema` and all it holds, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL check_function_bodies = off")
        # The raw connection: Django would read the percent signs in the text as places for parameters.
        cursor.connection.execute(template.replace(PLACEHOLDER, schema).encode())
