"""The whole platform in one command: services, migrations, demonstration data, processes, addresses."""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from deploy.embedded import announcement, backing, leftovers, manage, ports, product
from deploy.embedded.failure import Failure
from deploy.embedded.supervisor import Supervisor

_PREFERRED_PORT = 8000


def run(folder: Path, supervisor: Supervisor) -> None:
    """Start everything kept in `folder`, tell where it is, and keep it running until told to stop."""
    announcement.withdraw(folder)
    leftovers.end_marked(folder)
    _put_logs_aside(folder)
    shutil.rmtree(product.counts(folder))
    port = _web_port(folder)
    print("→ Starting the services", flush=True)
    services = backing.start(
        supervisor,
        folder,
        webhook_url=f"http://{product.DOMAIN}:{port}/webhooks/stripe",
        durable=bool(os.environ.get("PREAU_DURABLE")),
    )
    mailbox = folder / "mailbox"
    mailbox.mkdir(mode=0o700, exist_ok=True)
    mail = os.environ.get("EMAIL_URL") or mailbox.as_uri()
    told = services.environment | {"EMAIL_URL": mail}
    manage.remember(folder, port=port, services=told)
    env = product.environment(folder, port=port, services=told)
    try:
        demonstration = _prepare_data(supervisor, folder, env)
        print("→ Starting the platform", flush=True)
        supervisor.start(product.web(folder, port=port, env=env))
        facts = announcement.describe(
            demonstration,
            port=port,
            folder=folder,
            services=services.environment,
            sandbox_control=services.sandbox_control,
            mailbox=str(mailbox) if mail == mailbox.as_uri() else mail,
        )
        announcement.publish(folder, facts)
        print(announcement.page(facts), flush=True)
        # After the announcement: nobody waits for them, and the web server has had the processors for itself.
        supervisor.start(*product.background(folder, env=env), *services.background)
        supervisor.watch()
    finally:
        announcement.withdraw(folder)


def _prepare_data(supervisor: Supervisor, folder: Path, env: dict[str, str]) -> dict[str, Any]:
    print("→ Preparing the database and the demonstration (half a minute the first time)", flush=True)
    command = (sys.executable, "-m", "deploy.embedded.prepare")
    printed = supervisor.run(command, env=env, log=folder / "logs" / "prepare.log")
    try:
        told: dict[str, Any] = json.loads(printed)
    except ValueError as error:
        raise Failure(f"The demonstration did not print what it made:\n{printed[-2000:]}") from error
    return told


def _web_port(folder: Path) -> int:
    told = os.environ.get("PORT")
    if not told:
        return ports.remembered(folder, "web", preferred=_PREFERRED_PORT)
    if not told.isdigit() or not 0 < int(told) < 65536:
        raise Failure(f"PORT={told} is not a port number.")
    if not ports.is_free(int(told)):
        raise Failure(
            f"Port {told} is taken by another program.\n"
            "Choose another one (PORT=8001 make demo), or leave PORT out to have a free one found."
        )
    return int(told)


def _put_logs_aside(folder: Path) -> None:
    """Keep the logs of the last run, and only those."""
    for log in (folder / "logs").glob("*.log"):
        log.replace(log.with_suffix(".log.before"))
