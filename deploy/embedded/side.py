"""`python -m deploy.embedded.side FOLDER MOMENT`: the database as it was, served beside the live one until stdin ends.

Prints {"url": …} once it serves. Nothing of it is left afterwards, whatever ended it.
"""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from deploy.embedded import archive, ports, postgres
from deploy.embedded.accounts import as_arguments
from deploy.embedded.archive import Archive, Base
from deploy.embedded.cluster import Cluster
from deploy.embedded.failure import Failure
from deploy.embedded.process import Part, running

_SEGMENT_SECONDS = 30.0


@contextmanager
def database_at(folder: Path, moment: datetime) -> Iterator[str]:
    """The address of the application's database as it was at `moment`. Raises Failure."""
    live = postgres.cluster_in(folder)
    kept = archive.of(folder, live.account)
    base = _base_before(kept, moment)
    _bring_log_up_to_date(live, ports.known(folder, "postgres"), kept)
    copy = Cluster(
        data=kept.folder / "side" / "data",
        programs=live.programs,
        account=live.account,
        env=live.env,
        password=live.password,
    )
    port = ports.any_free()
    try:
        _unpack(base, copy, kept)
        with running(_part(copy, port, kept, moment, log=folder / "logs" / "side.log")):
            yield postgres.address(folder, port=port)
    finally:
        shutil.rmtree(copy.data.parent, ignore_errors=True)


def _base_before(kept: Archive, moment: datetime) -> Base:
    bases = [base for base in kept.bases() if base.ended <= moment]
    if not bases:
        earliest = next((base.ended.isoformat() for base in kept.bases()), "none")
        raise Failure(f"No copy of the database is as old as {moment.isoformat()} (the first one: {earliest}).")
    return bases[-1]


def _bring_log_up_to_date(live: Cluster, port: int, kept: Archive) -> None:
    """The copy must see something confirmed after its moment, or it would wait for it."""
    with live.as_superuser(port) as server:
        server.execute("SELECT pg_current_xact_id()")
        [(last,)] = server.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchall()
    segment = kept.log / f"{last}.gz"
    deadline = time.monotonic() + _SEGMENT_SECONDS
    while not segment.exists():
        if time.monotonic() > deadline:
            raise Failure(f"The database's log does not reach the archive: {segment.name} is missing.")
        time.sleep(0.05)


def _unpack(base: Base, copy: Cluster, kept: Archive) -> None:
    copy.clear_after_crash()
    shutil.rmtree(copy.data.parent, ignore_errors=True)
    for folder in (copy.data.parent, copy.data):
        folder.mkdir(mode=0o700)
        kept.give(folder)
    unpacked = subprocess.run(
        ["tar", "-xzf", str(base.tar), "-C", str(copy.data)],
        env=dict(copy.env),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **as_arguments(copy.account),
    )
    if unpacked.returncode:
        raise Failure(f"{base.tar} could not be unpacked:\n{unpacked.stderr.strip()}")
    signal_file = copy.data / "recovery.signal"
    signal_file.touch()
    kept.give(signal_file)


def _part(copy: Cluster, port: int, kept: Archive, moment: datetime, *, log: Path) -> Part:
    settings = {
        **postgres.SETTINGS,
        **kept.settings_to_return(moment),
        "port": str(port),
        "wal_level": "replica",
        "fsync": "off",
        "archive_mode": "off",
        "autovacuum": "off",
        # Nobody enters before it is where it shall be.
        "hot_standby": "off",
    }
    return postgres.part(copy, settings, name="side", log=log, ready=copy.serves, patience=3600.0)


def main(folder: Path, moment: datetime) -> int:
    # The default would leave the server and its folder behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with database_at(folder, moment) as url:
            print(json.dumps({"url": url}), flush=True)
            sys.stdin.read()
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]).astimezone(UTC)))
