"""`python -m deploy.embedded manage …`: a command of the platform, told what the demonstration that runs is told."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded import product, state
from deploy.embedded.failure import Failure
from deploy.embedded.process import REPOSITORY


def remember(folder: Path, *, port: int, services: Mapping[str, str]) -> None:
    """Keep, for its owner only, where the services are and their keys."""
    state.write_private(_file(folder), json.dumps({"port": port, "services": dict(services)}))


def run(folder: Path, arguments: list[str]) -> int:
    """The command's own exit status. Raises Failure."""
    if not _file(folder).exists():
        raise Failure(f"The platform was never started in {folder}.")
    known = json.loads(_file(folder).read_text())
    env = product.environment(folder, port=known["port"], services=known["services"])
    command = [sys.executable, str(REPOSITORY / "manage.py"), *arguments]
    return subprocess.run(command, env=env, cwd=REPOSITORY, check=False).returncode


def _file(folder: Path) -> Path:
    return folder / "secrets" / "services.json"
