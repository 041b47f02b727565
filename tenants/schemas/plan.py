"""What a round of migrations would do: said before it is done."""

from dataclasses import dataclass

from django.db import connection
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration

from tenants.context import in_registry
from tenants.models import OPERATIONS_SCHEMA
from tenants.schemas import migrate, migrations

# The code of before meets the new tables for minutes: it must find what it reads.
_BREAKING = (ops.RemoveField, ops.DeleteModel, ops.RenameField, ops.RenameModel, ops.AlterModelTable)


@dataclass(frozen=True, slots=True)
class Step:
    """One migration, how many organisations lack it, what it breaks for the code of before, and its statements."""

    name: str
    organisations: int
    breaks: list[str]
    statements: list[str]


def steps() -> list[Step]:
    """In the order in which they would be applied. Nothing is changed."""
    with in_registry():
        lacking: dict[tuple[str, str], int] = {}
        for organisation in migrate.behind():
            for key in migrations.missing(organisation.schema_name):
                lacking[key] = lacking.get(key, 0) + 1
        loader = MigrationLoader(None)
        ordered = [key for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True) if key in lacking]
        return [_step(loader, key, lacking[key]) for key in ordered]


def _step(loader: MigrationLoader, key: tuple[str, str], organisations: int) -> Step:
    migration = loader.graph.nodes[key]
    return Step(
        name=".".join(key),
        organisations=organisations,
        breaks=[operation.describe() for operation in migration.operations if isinstance(operation, _BREAKING)],
        statements=_statements(loader, key, migration),
    )


def _statements(loader: MigrationLoader, key: tuple[str, str], migration: Migration) -> list[str]:
    """As they would be sent, written for one schema."""
    state = loader.project_state(key, at_end=False)
    with (
        migrations.inside(OPERATIONS_SCHEMA),
        connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor,
    ):
        migration.apply(state, editor, collect_sql=True)
        return [line for line in editor.collected_sql if not line.startswith("--")]
