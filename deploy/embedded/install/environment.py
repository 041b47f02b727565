"""The virtual environment: what the lock names, by hash, and the project itself."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.embedded.failure import Failure
from deploy.embedded.install import tool

REPOSITORY = Path(__file__).resolve().parents[3]
FOLDER = REPOSITORY / ".venv"
PYTHON = FOLDER / "bin" / "python"
LOCK = REPOSITORY / "requirements.lock"
_STAMP = FOLDER / "installed"


@contextmanager
def alone() -> Iterator[None]:
    """Keep two set-ups of the same folder (a test and a demonstration, say) from meeting."""
    local = REPOSITORY / ".local"
    try:
        local.mkdir(mode=0o711, exist_ok=True)
        with (local / "install.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    except PermissionError as error:
        raise Failure(f"{error.filename} is not yours to write: run as its owner, or work in a copy.") from error


def ensure() -> None:
    """Bring the environment to what the lock says; nothing to do when it is there already."""
    wanted = _fingerprint()
    if _STAMP.exists() and _STAMP.read_text() == wanted:
        return
    if not _usable():
        _create()
    install = tool.find(PYTHON, FOLDER)
    _say("Installing the dependencies, by hash (a minute at most the first time)")
    install.sync(LOCK)
    _say("Installing the project")
    # Its build needs nothing but what the lock has brought already.
    install.run("install", "--no-deps", "--no-build-isolation", "--editable", str(REPOSITORY))
    _STAMP.write_text(wanted)


def _usable() -> bool:
    """Whether the folder holds an environment of this Python, made at this place."""
    if not PYTHON.exists():
        return False
    question = "import sys; print(sys.version_info[:2], sys.prefix)"
    answer = subprocess.run([PYTHON, "-c", question], capture_output=True, text=True, check=False)
    # Scripts carry the folder in their first line: an environment that was moved must be made anew.
    script = FOLDER / "bin" / "pip"
    moved = script.exists() and str(FOLDER) not in script.read_text(errors="replace")[:300]
    return answer.stdout.strip() == f"{sys.version_info[:2]} {FOLDER}" and not moved


def _create() -> None:
    _say(f"Making the virtual environment {FOLDER.name} with Python {sys.version.split()[0]}")
    shutil.rmtree(FOLDER, ignore_errors=True)
    base = Path(getattr(sys, "_base_executable", sys.executable))
    try:
        import ensurepip  # noqa: F401 - some systems ship it apart
    except ImportError:
        subprocess.run(["uv", "venv", "--python", base, FOLDER], check=True)
    else:
        subprocess.run([base, "-m", "venv", FOLDER], check=True)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for part in (
        LOCK.read_bytes(),
        (REPOSITORY / "pyproject.toml").read_bytes(),
        str(FOLDER).encode(),
        sys.version.encode(),
    ):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _say(sentence: str) -> None:
    print(f"→ {sentence}", flush=True)
