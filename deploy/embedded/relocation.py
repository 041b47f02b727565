"""Where root's database keeps its programs and data when its account cannot reach the project folder.

A project under root's home, or in any folder closed to others, stays closed: copies are used instead.
"""

import hashlib
import os
import shutil
import stat
from pathlib import Path

from deploy.embedded.accounts import Account
from deploy.embedded.failure import Failure

_OUTSIDE = Path("/var/tmp")  # noqa: S108 - who made the folder is checked below


def reachable_data(data: Path, account: Account | None) -> Path:
    """`data`, or the folder that stands for it where the account can reach it."""
    if account is None or account.reaches(data.parent):
        return data
    return _outside(_folder(data)) / "data"


def reachable_programs(installation: Path, account: Account | None) -> Path:
    """The installation (the folder that holds `bin`), or a copy of it where the account can reach it."""
    if account is None or account.reaches(installation / "bin" / "postgres"):
        return installation
    package = installation.parent
    libraries = package.with_name(f"{package.name}.libs")
    base = _outside(_programs_folder(installation))
    copy = base / package.name / installation.name
    if not (copy / "bin" / "postgres").exists():
        draft = base / f"draft-{os.getpid()}"
        shutil.copytree(libraries, draft / libraries.name, symlinks=True)
        shutil.copytree(installation, draft / package.name / installation.name, symlinks=True)
        # The programs last: they are what is looked for.
        for folder in (libraries.name, package.name):
            _move_unless_there(draft / folder, base / folder)
        shutil.rmtree(draft)
    return copy


def forget(*, data: Path, installation: Path) -> None:
    """Remove what stands outside for these, if anything does."""
    for folder in (_folder(data), _programs_folder(installation)):
        if folder.exists():
            shutil.rmtree(folder)


def _move_unless_there(source: Path, target: Path) -> None:
    try:
        source.rename(target)
    except OSError:
        if not target.exists():
            raise


def _folder(path: Path, *versions: object) -> Path:
    name = " ".join(map(str, (path, *versions)))
    return _OUTSIDE / f"preau-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _programs_folder(installation: Path) -> Path:
    # Another version may come to stand at the same place.
    found = (installation / "bin" / "postgres").stat()
    return _folder(installation, found.st_size, found.st_mtime_ns)


def _outside(folder: Path) -> Path:
    folder.mkdir(mode=0o711, exist_ok=True)
    found = folder.lstat()
    # Anybody may write to this place: a folder laid there by another account is not to be trusted.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise Failure(f"{folder} was made by another account: remove it and start again.")
    folder.chmod(0o711)
    return folder
