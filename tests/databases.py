"""A database for each worker, copied in a tenth of a second from a template that the migrations name."""

import hashlib
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from django.conf import settings
from psycopg import sql

from kernel.database import connection
from tenants.operations.create import create
from tenants.operations.platform_own import ensure_operations
from tenants.operations.provision import provision
from tenants.provisioning import STEPS
from tenants.schemas import migrations
from tests import services

_BUILDER_LOCK = 4_242


def prepare() -> None:
    """Give this worker a fresh database, and point Django to it."""
    with _administrator() as administrator:
        administrator.execute("SELECT pg_advisory_lock(%s)", [_BUILDER_LOCK])
        template = _template_name()
        if not administrator.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            _build(administrator, template)
        administrator.execute("SELECT pg_advisory_unlock(%s)", [_BUILDER_LOCK])
        _copy(administrator, template)
    _use(_own_name())


def renew() -> None:
    """After a test that committed: the copy is thrown away, never emptied."""
    connection.close()
    with _administrator() as administrator:
        _copy(administrator, _template_name())
    connection.set_schema_to_public()


def remove() -> None:
    connection.close()
    with _administrator() as administrator:
        _drop(administrator, _own_name())


def _build(administrator: "psycopg.Connection[tuple[object, ...]]", template: str) -> None:
    draft = f"{template}_draft"
    _drop(administrator, draft)
    administrator.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
    _use(draft)
    migrations.apply("public")
    ensure_operations()
    for slug in ("a", "b"):
        # Twins: whatever of one passes for the other's will do so here.
        provision(organisation_id=create(name=f"Organisation {slug.upper()}", slug=slug).id)
    connection.close()
    administrator.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(template))
    )


@cache
def _template_name() -> str:
    """Changes with the migrations and with the code that makes an organisation."""
    digest = hashlib.sha256(migrations.migrations_hash().encode())
    sources = {Path(sys.modules["tenants"].__path__[0]), *(Path(inspect.getfile(step)) for _, step in STEPS)}
    for source in sorted(sources):
        for file in sorted(source.rglob("*.py")) if source.is_dir() else [source]:
            digest.update(file.read_bytes())
    return f"preau_template_{digest.hexdigest()[:16]}"


def _own_name() -> str:
    return f"preau_test_{services.worker()}"


def _copy(administrator: "psycopg.Connection[tuple[object, ...]]", template: str) -> None:
    _drop(administrator, _own_name())
    administrator.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
            sql.Identifier(_own_name()), sql.Identifier(template)
        )
    )


def _drop(administrator: "psycopg.Connection[tuple[object, ...]]", name: str) -> None:
    """Not WITH (FORCE): that is refused to us whenever the server itself happens to be vacuuming there."""
    administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user", [name]
    )
    administrator.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _use(name: str) -> None:
    connection.close()
    # Threads that are born later read the settings, this one its own connection.
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    connection.set_schema_to_public()


@contextmanager
def _administrator() -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    database = settings.DATABASES["default"]
    address = {key: database[key.upper()] for key in ("host", "port", "user", "password")}
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as administrator:
        yield administrator
