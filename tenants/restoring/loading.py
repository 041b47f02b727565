"""Brings the tables of a moment into the live database, beside those that are there."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from kernel.database import connection
from tenants.context import in_registry
from tenants.models import Restore
from tenants.restoring.errors import NotThere
from tenants.schemas import dump, migrations


class NotLoaded(RuntimeError):
    """PostgreSQL's own programs could not copy the tables."""


def draft_of(restore: Restore) -> str:
    """The schema that takes the organisation's place: no organisation can have that name."""
    return f"restoring_{restore.pk.hex[-20:]}"


def load(restore: Restore, *, side_url: str) -> None:
    """Begun anew each time it is asked for. Raises NotThere and NotLoaded."""
    schema, draft = restore.organisation.schema_name, draft_of(restore)
    drop(draft)
    _rename(side_url, schema, draft)
    _copy(side_url, draft)
    with in_registry():
        # The moment may be before a release.
        migrations.apply(draft)
        _end_sessions(draft)


def drop(schema: str) -> None:
    with in_registry(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def _rename(side_url: str, schema: str, draft: str) -> None:
    """On the side, which is thrown away: names in the text of a dump are better left alone."""
    with psycopg.connect(side_url, autocommit=True) as side:
        found = {name for (name,) in side.execute("SELECT nspname FROM pg_namespace").fetchall()}
        if schema in found:
            renamed = sql.SQL("ALTER SCHEMA {} RENAME TO {}")
            side.execute(renamed.format(sql.Identifier(schema), sql.Identifier(draft)))
        elif draft not in found:
            raise NotThere


def _copy(side_url: str, draft: str) -> None:
    """From one server to the other, without a file between them."""
    program = dump.program(server_major=connection.pg_version // 10_000)
    settings = connection.settings_dict
    live = {key: str(settings[key.upper()]) for key in ("host", "port", "user", "password")}
    plain = ("--no-owner", "--no-privileges", "--no-comments")
    taken, where = _address(conninfo.conninfo_to_dict(side_url))
    with subprocess.Popen(  # noqa: S603
        [str(program), "--format=custom", "--compress=0", f"--schema={draft}", *plain, f"--dbname={where}"],
        env=taken,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=False,
    ) as dumped:
        given, where = _address({**live, "dbname": settings["NAME"]})
        loaded = subprocess.run(  # noqa: S603
            [str(_sibling(program)), "--single-transaction", *plain, f"--dbname={where}"],
            env=given,
            stdin=dumped.stdout,
            capture_output=True,
            check=False,
        )
        said = dumped.communicate()[1] if dumped.stderr else b""
    if dumped.returncode or loaded.returncode:
        raise NotLoaded((said + loaded.stderr).decode(errors="replace").strip())


def _sibling(program: Path) -> Path:
    return program.resolve().with_name("pg_restore")


def _address(facts: Mapping[str, object]) -> tuple[dict[str, str], str]:
    """The environment and the address: no password on a command line, which everybody on the machine reads."""
    shown = {key: value for key, value in facts.items() if key != "password" and value not in (None, "")}
    password = {"PGPASSWORD": str(facts["password"])} if facts.get("password") else {}
    return {**os.environ, **password}, conninfo.make_conninfo(**shown)  # type: ignore[arg-type]


def _end_sessions(draft: str) -> None:
    """Whoever signed in before is asked again: what they could do then may be over."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(draft, "django_session")))
