"""The project's own source files, for the tests that read them."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("platform", "tenants", "billing", "shared_apps", "tenant_apps")


@cache
def files(suffix: str = ".py") -> tuple[Path, ...]:
    """Every file that belongs to the project, known to git or about to be; what git ignores is not ours."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", f"*{suffix}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(ROOT / name for name in sorted(listed.stdout.split("\n")) if name and (ROOT / name).exists())


def code() -> Iterator[Path]:
    """What runs in production, without its migrations."""
    for file in files():
        parts = file.relative_to(ROOT).parts
        if parts[0] in CODE and "migrations" not in parts:
            yield file


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))
