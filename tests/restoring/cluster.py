"""A server of its own with an archive, several organisations on it, and visitors of theirs."""

import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from psycopg import sql

from config.settings import environment
from deploy.embedded import backups, services
from deploy.embedded.process import REPOSITORY
from kernel.database import connection
from tenants.context import in_registry
from tenants.operations.create import create
from tenants.operations.platform_own import ensure_operations
from tenants.operations.provision import provision
from tenants.schemas import migrations
from tests.clients import HostClient
from tests.restoring.conftest import an_organisation


@contextmanager
def archived(*slugs: str) -> Iterator[Path]:
    """Django is pointed to it. Where the server is kept; the first copy is made once the organisations are there."""
    before = dict(settings.DATABASES["default"])
    with (
        services.temporary_folder() as folder,
        services.postgres(folder, backups=True) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("DATABASE_URL", server.url)
        _point_to(environment.database())
        try:
            migrations.apply("public")
            ensure_operations()
            for slug in slugs:
                provision(organisation_id=create(name=f"Organisation {slug}", slug=slug).id)
            backups.copy(folder)
            yield folder
        finally:
            _point_to(before)


def _point_to(database: dict[str, Any]) -> None:
    connection.close()
    settings.DATABASES["default"].update(database)
    connection.settings_dict.update(database)
    connection.set_schema_to_public()


def checksum(slug: str) -> str:
    """Of every row of an organisation's tables."""
    schema, digest = an_organisation(slug).schema_name, hashlib.sha256()
    with in_registry(), connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
        for (table,) in cursor.fetchall():
            asked = sql.SQL("SELECT coalesce(string_agg(t::text, chr(10) ORDER BY t::text), '') FROM {} t")
            cursor.execute(asked.format(sql.Identifier(schema, table)))
            digest.update(f"{table}\n{cursor.fetchone()[0]}\n".encode())
    return digest.hexdigest()


@contextmanager
def visited(*slugs: str) -> Iterator[list[int]]:
    """Each is read again and again meanwhile; what was answered."""
    answers: list[int] = []
    over = threading.Event()

    def visit(slug: str) -> None:
        browser = HostClient(f"{slug}.localhost")
        while not over.is_set():
            answers.append(browser.get("/").status_code)
            over.wait(0.05)
        connection.close()

    visitors = [threading.Thread(target=visit, args=[slug]) for slug in slugs]
    for visitor in visitors:
        visitor.start()
    yield answers
    over.set()
    for visitor in visitors:
        visitor.join()


def told(folder: Path, sandbox_environment: dict[str, str]) -> dict[str, str]:
    """What the command is told, as the platform is."""
    return {
        **os.environ,
        **sandbox_environment,
        "REDIS_URL": settings.REDIS_URL,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "platform")]),
        "RESTORE_SIDE_COMMAND": backups.side_command(folder),
        "RESTORE_DRAIN_SECONDS": "0",
    }


def command(moment: datetime, *more: str) -> list[str]:
    return [sys.executable, "manage.py", "organisations", "restore", "a", f"--at={moment.isoformat()}", *more]
