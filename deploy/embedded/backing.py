"""The services behind the platform: those the user named, and our own for the others."""

from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import backups, given, identity, names, postgres, redis_server, sandbox
from deploy.embedded.process import Part
from deploy.embedded.supervisor import Supervisor


@dataclass(frozen=True)
class Backing:
    """Where the services are, and what else there is to say of the payment sandbox.

    `background`: what looks after them, started once everything serves.
    """

    environment: dict[str, str]
    sandbox_control: str | None
    background: tuple[Part, ...] = ()


def start(supervisor: Supervisor, folder: Path, *, webhook_url: str, durable: bool) -> Backing:
    """Start what the user did not name, together, and return once all of it serves."""
    parts: list[Part] = []
    background: tuple[Part, ...] = ()
    control, environment = None, {}
    database, cache, payments = given.database(), given.cache(), given.payments()
    if database is None:
        server = postgres.prepare(folder, durable=durable, backups=backups.are_wanted())
        parts.append(server.part)
        database = server.url
        if backups.are_wanted():
            background = (backups.part(folder),)
            environment["RESTORE_SIDE_COMMAND"] = backups.side_command(folder)
    if cache is None:
        store = redis_server.prepare(folder)
        parts.append(store.part)
        cache = store.url
    if payments is None:
        simulated = sandbox.prepare(folder, webhook_url=webhook_url)
        parts.append(simulated.part)
        payments, control = simulated.environment(), simulated.control
    citizens = identity.prepare(folder)
    parts.append(citizens.part)
    if not given.resolvers():
        server_of_names = names.prepare(folder)
        parts.append(server_of_names.part)
        environment |= server_of_names.environment()
    supervisor.start(*parts)
    environment |= {"DATABASE_URL": database, "REDIS_URL": cache} | payments | citizens.environment()
    return Backing(environment, control, background)
