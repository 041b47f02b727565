"""The shape of the project: floors, packages, sizes, and words that must not come back."""

import os
import platform
import re
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, code, files, name

LONGEST_FILE = 350


def test_imports_go_downwards_only() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    where = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"}
    done = subprocess.run(
        [str(command), "--no-cache"], cwd=ROOT, env=where, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-3000:]


def test_platform_is_pythons_own() -> None:
    assert Path(str(platform.__file__)).parent == Path(sysconfig.get_path("stdlib"))


def test_the_platform_folder_is_no_package_and_hides_nothing() -> None:
    folder = ROOT / "platform"
    packages = {entry.name for entry in folder.iterdir() if entry.is_dir() and entry.name != "__pycache__"}

    assert not (folder / "__init__.py").exists()
    assert packages & sys.stdlib_module_names == set()
    assert packages == {"config", "kernel"}


def test_packages_say_nothing_by_themselves() -> None:
    speaking = [name(file) for file in files() if file.name == "__init__.py" and file.read_text().strip()]

    assert speaking == []


def test_every_file_can_be_read_at_one_go() -> None:
    lengths = {name(file): len(file.read_text().splitlines()) for file in code()}

    assert {file: length for file, length in lengths.items() if length > LONGEST_FILE} == {}


def test_every_module_says_what_it_is_for() -> None:
    ordinary = {"__init__.py", "apps.py"}
    silent = [
        name(file) for file in code() if file.name not in ordinary and not file.read_text().lstrip().startswith('"""')
    ]

    assert silent == []


@dataclass(frozen=True)
class Ban:
    """Words that no production code may hold, but for those places; `example` is a line that is caught."""

    words: str
    example: str
    but_in: tuple[str, ...] = ("nowhere/",)


BANS = (
    # It keeps the site of one organisation and gives it to the next.
    Ban(r"django\.contrib\.sites", "from django.contrib.sites.models import Site"),
    # A pool of threads that never entered an organisation.
    Ban(
        r"\basync def\b|sync_to_async|async_to_sync|thread_sensitive",
        "await sync_to_async(f, thread_sensitive=False)()",
    ),
    Ban(r"\bThread\(|PoolExecutor|\bProcess\(", "threading.Thread(target=work).start()"),
    # It empties every organisation's cache.
    Ban(r"\bcache\.clear\(", "cache.clear()"),
    # They would be as good at one organisation as at another.
    Ban(r"signed_cookies", 'SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"'),
    Ban(r"(SESSION|CSRF|LANGUAGE)_COOKIE_DOMAIN", 'SESSION_COOKIE_DOMAIN = ".localhost"'),
    # A value that anybody signed: kernel.signing says for which organisation.
    Ban(
        r"from django\.core import.*\bsigning\b|django\.core\.signing|TimestampSigner",
        "from django.core import signing",
        ("platform/kernel/signing.py",),
    ),
    # `with organisation:` keeps what it came from in one list for all threads.
    Ban(r"with (self\.|request\.)?(tenant|organisation)\s*(as \w+)?:", "with request.organisation:"),
    # Only the ways in and out that tenants.context gives.
    Ban(
        r"\b(schema_context|set_tenant|set_schema|set_schema_to_public)\b",
        'with schema_context("org_1"):',
        ("tenants/", "platform/kernel/database.py"),
    ),
    Ban(
        r"\btenant_context\b",
        "with tenant_context(organisation):",
        ("tenants/context.py", "platform/kernel/transactions.py"),
    ),
    # It loses updates while a schema moves between machines: kernel.database.lock locks by a write. Who passes over
    # what is locked waits for nobody.
    Ban(r"select_for_update\((?!skip_locked=True\))", "rows.select_for_update()", ("platform/kernel/database.py",)),
    Ban(r"search_path|\bSET ROLE", 'cursor.execute("SET search_path = other")', ("tenants/",)),
)


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.words)
def test_these_words_are_not_used(ban: Ban) -> None:
    found = [
        f"{name(file)}:{number}: {line.strip()}"
        for file in code()
        if not name(file).startswith(ban.but_in)
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if re.search(ban.words, line)
    ]

    assert found == []


@pytest.mark.parametrize("ban", BANS, ids=lambda ban: ban.words)
def test_such_words_would_be_found(ban: Ban) -> None:
    assert re.search(ban.words, ban.example)
