"""Where the database's log and its copies are kept, so that it can be brought back to any moment of the last days."""

import os
import shlex
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from deploy.embedded import relocation
from deploy.embedded.accounts import Account

_SCRIPT = Path(__file__).with_name("archive.sh")
# No more than this is lost with the machine, if the folder is on another one.
_SECONDS_AT_MOST = 300


@dataclass(frozen=True, kw_only=True)
class Base:
    """A whole copy of the data: it leads to every moment after `ended`, with the log from `first` on."""

    folder: Path
    ended: datetime
    first: str

    @property
    def tar(self) -> Path:
        return self.folder / "base.tar.gz"


@dataclass(frozen=True)
class Archive:
    """`folder` belongs to the account that the server runs as, and is closed to all others."""

    folder: Path
    account: Account | None

    @property
    def log(self) -> Path:
        return self.folder / "wal"

    @property
    def copies(self) -> Path:
        return self.folder / "base"

    def prepare(self) -> None:
        for folder in (self.folder, self.log, self.copies):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.give(folder)
        script = self.folder / _SCRIPT.name
        shutil.copyfile(_SCRIPT, script)
        script.chmod(0o500)
        self.give(script)

    def give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def settings(self) -> dict[str, str]:
        """What the server is told."""
        script, log = (shlex.quote(str(path)) for path in (self.folder / _SCRIPT.name, self.log))
        return {
            "wal_level": "replica",
            "max_wal_senders": "4",
            "archive_mode": "on",
            "archive_command": f'sh {script} "%p" "%f" {log}',
            "archive_timeout": str(_SECONDS_AT_MOST),
        }

    def settings_to_return(self, moment: datetime) -> dict[str, str]:
        """What a copy is told that shall come to `moment` and go on from there by itself."""
        kept = f"{shlex.quote(str(self.log))}/%f.gz"
        return {
            "restore_command": f'test -f {kept} && gzip -dc {kept} > "%p"',
            "recovery_target_time": moment.astimezone(UTC).isoformat(),
            "recovery_target_action": "promote",
        }

    @property
    def is_unbroken(self) -> bool:
        """Whether all that was written since the last copy is in the archive."""
        return self._unbroken.exists()

    def begin(self) -> None:
        self._unbroken.touch()

    def interrupt(self) -> None:
        """The server runs without it: the copies there are do not lead to what comes now."""
        self._unbroken.unlink(missing_ok=True)

    @property
    def _unbroken(self) -> Path:
        return self.folder / "unbroken"

    def bases(self) -> list[Base]:
        """Oldest first; what was never finished is none."""
        return [_read(folder) for folder in sorted(self.copies.glob("*Z")) if (folder / "ended").exists()]


def of(folder: Path, account: Account | None) -> Archive:
    """That of the server kept in `folder`."""
    return Archive(relocation.reachable_data(place(folder), account), account)


def place(folder: Path) -> Path:
    return folder / "backups"


def _read(folder: Path) -> Base:
    return Base(
        folder=folder,
        ended=datetime.fromisoformat((folder / "ended").read_text()),
        first=(folder / "first").read_text(),
    )
