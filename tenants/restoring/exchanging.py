"""Puts the tables of the moment in the place of those that are there: names change, in one short transaction."""

import structlog
from django.db import OperationalError, transaction
from psycopg import errors, sql

from kernel.database import connection
from tenants import roles
from tenants.context import in_registry
from tenants.models import Restore
from tenants.restoring import claiming
from tenants.restoring.loading import draft_of

log = structlog.get_logger(__name__)

_LOCK_TIMEOUT = "3s"
_ATTEMPTS = 5
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename"
# Sessions of the application that hold anything of the schema. Its role is not told from outside.
_STILL_INSIDE = """
    SELECT DISTINCT held.pid FROM pg_locks held
      JOIN pg_class thing ON thing.oid = held.relation
      JOIN pg_stat_activity session ON session.pid = held.pid
     WHERE thing.relnamespace = to_regnamespace(%s) AND held.pid <> pg_backend_pid()
       AND session.datname = current_database() AND session.usename = session_user
"""


def wrecked_of(restore: Restore) -> str:
    """Where the tables that were there go."""
    return f"wrecked_{restore.pk.hex[-20:]}"


def exchange(restore: Restore) -> None:
    """Whoever is still in a transaction of the old tables after a few seconds is put out."""
    with in_registry():
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    _exchange(restore)
                return
            except OperationalError as error:
                if attempt == _ATTEMPTS or not isinstance(error.__cause__, errors.LockNotAvailable):
                    raise
                _put_out(restore.organisation.schema_name)


def _exchange(restore: Restore) -> None:
    schema, wrecked = restore.organisation.schema_name, wrecked_of(restore)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_TIMEOUT])
        cursor.execute(_TABLES, [schema])
        tables = [sql.Identifier(schema, name) for (name,) in cursor.fetchall()]
        if tables:
            cursor.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.SQL(", ").join(tables)))
        names = {
            "schema": sql.Identifier(schema),
            "wrecked": sql.Identifier(wrecked),
            "draft": sql.Identifier(draft_of(restore)),
        }
        for statement in (
            "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {schema}",
            "REVOKE ALL ON SCHEMA {schema} FROM {schema}",
            "ALTER SCHEMA {schema} RENAME TO {wrecked}",
            "ALTER SCHEMA {draft} RENAME TO {schema}",
        ):
            cursor.execute(sql.SQL(statement).format(**names))
    roles.grant(schema)
    claiming.note(restore, claiming.EXCHANGED, wrecked=wrecked, done={})


def _put_out(schema: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STILL_INSIDE, [schema])
        for (pid,) in cursor.fetchall():
            log.warning("put_out_for_a_restore", schema=schema, pid=pid)
            cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
