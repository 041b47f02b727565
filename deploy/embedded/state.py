"""The folder that holds one installation: its data, logs, ports and secrets."""

import os
import secrets
from pathlib import Path

from deploy.embedded.failure import Failure


def prepare(state: Path) -> Path:
    """Make the folder if needed. Raises Failure when it is another account's."""
    try:
        # 0711: the database's account must pass through, and only through.
        state.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"The folder {state} cannot be made: {error.strerror}.") from error
    if not os.access(state, os.W_OK):
        raise Failure(
            f"The folder {state} belongs to another account.\n"
            "Run as that account, or remove the folder, or give another one with PREAU_STATE=/some/folder."
        )
    return state.resolve()


def write_private(path: Path, text: str) -> None:
    """Write the whole file or nothing, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def secret(path: Path) -> str:
    """The secret kept in this file, made at the first call."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, secrets.token_urlsafe(40))
    return path.read_text()
