"""What the rooms do in an organisation that was brought back, before it is served again; registered in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql

from kernel.database import connection
from kernel.registry import Registry
from tenants.context import in_registry
from tenants.models import Organisation


@dataclass(frozen=True, kw_only=True)
class Scene:
    """`moment`: what it was brought back to; `since`: the same on the application's clock, as `at`, which is now.

    `wrecked`: the name of the schema that was in its place, which may lack anything.
    """

    organisation: Organisation
    moment: datetime
    since: datetime
    at: datetime
    wrecked: str

    def rows(self, table: str, statement: str, *values: str | datetime) -> list[tuple[Any, ...]]:
        """Ask both schemas at once, as {own} and {wrecked}, with the application's own rights.

        Nothing where the wrecked one has lost its `table`.
        """
        names = {"own": sql.Identifier(self.organisation.schema_name), "wrecked": sql.Identifier(self.wrecked)}
        with in_registry(), connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(quote_ident(%s) || '.' || quote_ident(%s))", [self.wrecked, table])
            if cursor.fetchone() == (None,):
                return []
            cursor.execute(sql.SQL(statement).format(**names), values)
            return list(cursor.fetchall()) if cursor.description else []


@dataclass(frozen=True)
class Step:
    """Run inside the organisation, in order of `turn`; safe to repeat. Returns what the report says of it."""

    turn: int
    run: Callable[[Scene], dict[str, Any]]


STEPS: Registry[Step] = Registry("step of a restore")

# The paths of the files that an organisation's rows name.
FILES: Registry[Callable[[], list[str]]] = Registry("names of files")


def in_turn() -> list[tuple[str, Step]]:
    return sorted(STEPS, key=lambda named: (named[1].turn, named[0]))
