"""`python -m deploy.embedded.backups FOLDER`: a copy of the database each day, and the old ones removed."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from deploy.embedded import archive, ports, postgres, product
from deploy.embedded.accounts import as_arguments
from deploy.embedded.archive import Archive, Base
from deploy.embedded.cluster import SUPERUSER, Cluster
from deploy.embedded.failure import Failure
from deploy.embedded.process import Part

_EVERY = timedelta(days=1)
_LOOK_EVERY_SECONDS = 60.0


def are_wanted() -> bool:
    """PREAU_BACKUPS=0 does without them."""
    return os.environ.get("PREAU_BACKUPS", "1") != "0"


def part(folder: Path) -> Part:
    """The process that sees to them, for the supervisor."""
    return Part(
        name="backups",
        argv=(sys.executable, "-m", "deploy.embedded.backups", str(folder)),
        env=product.base_environment(folder),
        log=folder / "logs" / "backups.log",
        ready=lambda: True,
    )


def side_command(folder: Path) -> str:
    """What serves the database as it was, at the moment named after it (RESTORE_SIDE_COMMAND)."""
    return shlex.join([sys.executable, "-m", "deploy.embedded.side", str(folder)])


def copy(folder: Path) -> Base:
    """Copy the whole of the running server's data. Raises Failure."""
    cluster, port = postgres.cluster_in(folder), ports.known(folder, "postgres")
    kept = archive.of(folder, cluster.account)
    made = kept.copies / datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    with cluster.as_superuser(port) as server:
        _, first = _facts(server)
        _copy_to(made, cluster, port)
        ended, _ = _facts(server)
    (made / "first").write_text(first)
    # Last: with it the copy is one.
    (made / "ended").write_text(ended.isoformat())
    kept.begin()
    return Base(folder=made, ended=ended, first=first)


def prune(kept: Archive, *, before: datetime) -> None:
    """Remove the copies that no moment since `before` needs, and the log that only they needed."""
    bases = kept.bases()
    older = [base for base in bases if base.ended <= before]
    for base in older[:-1]:
        shutil.rmtree(base.folder)
    for folder in kept.copies.iterdir():
        if not (folder / "ended").exists():
            shutil.rmtree(folder)
    needed = (older[-1:] or bases[:1])[0].first if bases else ""
    for segment in kept.log.glob("*.gz"):
        if segment.name < needed:
            segment.unlink()


def look_after(folder: Path) -> None:
    """Make a copy if it is time, and remove what is too old."""
    kept = archive.of(folder, postgres.cluster_in(folder).account)
    now = datetime.now(UTC)
    bases = kept.bases()
    if not kept.is_unbroken or not bases or now - bases[-1].ended >= _EVERY:
        copy(folder)
    days = int(os.environ["BACKUP_DAYS"])
    prune(kept, before=now - timedelta(days=days))


def _facts(server: psycopg.Connection) -> tuple[datetime, str]:
    [(now, segment)] = server.execute("SELECT clock_timestamp(), pg_walfile_name(pg_current_wal_lsn())").fetchall()
    return now, segment


def _copy_to(target: Path, cluster: Cluster, port: int) -> None:
    command = [
        str(cluster.programs / "bin" / "pg_basebackup"),
        f"--pgdata={target}",
        f"--host={ports.LOOPBACK}",
        f"--port={port}",
        f"--username={SUPERUSER}",
        "--format=tar",
        "--compress=gzip:1",
        # The log is in the archive already.
        "--wal-method=none",
        "--checkpoint=fast",
        "--no-manifest",
        "--no-sync",
    ]
    done = subprocess.run(
        command,
        env={**cluster.env, "PGPASSWORD": cluster.password},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **as_arguments(cluster.account),
    )
    if done.returncode:
        raise Failure(f"The database could not be copied:\n{done.stderr.strip()}")


def main(folder: Path) -> None:
    while True:
        try:
            look_after(folder)
        except (Failure, OSError, psycopg.Error) as problem:
            print(problem, flush=True)
        time.sleep(_LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
