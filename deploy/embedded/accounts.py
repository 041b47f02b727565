"""The account a database server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from deploy.embedded.failure import Failure

_CANDIDATES = ("postgres", "nobody")


class AccountArguments(TypedDict, total=False):
    """What `subprocess` takes to start a process under another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An ordinary account that root lends to a child process."""

    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """Whether every folder down to `path` is open to this account."""
        test = ["test", "-x", str(path)]
        return subprocess.run(test, cwd="/", check=False, **as_arguments(self)).returncode == 0


def as_arguments(account: Account | None) -> AccountArguments:
    """The same for `subprocess`; nothing for our own account."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def account_for(data: Path) -> Account | None:
    """Who shall run a server on `data`: None for ourselves, unless we are root.

    Data that is there already keeps the account that made it: installing a system package may bring
    a `postgres` account along between two starts, and that one could not read the files.
    """
    if os.geteuid() != 0:
        return None
    version = data / "PG_VERSION"
    if version.exists():
        owner = version.stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in _CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Failure("PostgreSQL refuses to run as root and there is no `nobody` account: run as an ordinary user.")
