"""`python -m deploy.embedded demo | services | manage | reset`: the platform here, with nothing installed."""

import argparse
import json
import os
import shutil
import sys
import time
from pathlib import Path

from deploy.embedded import announcement, backing, demo, leftovers, lock, manage, postgres
from deploy.embedded.failure import Failure
from deploy.embedded.process import REPOSITORY
from deploy.embedded.supervisor import Stopped, Supervisor

_STATE = Path(os.environ.get("PREAU_STATE") or REPOSITORY / ".local")
# Held by the set-up, or by tests that may be running.
_KEPT_AT_RESET = {"lock", "install.lock", "tests"}


def main(arguments: list[str]) -> int:
    given = _parser().parse_args(arguments)
    folder: Path = given.state.absolute()
    try:
        if given.command == "manage":
            return manage.run(folder, given.arguments)
        with lock.held(folder):
            if given.command == "reset":
                return _reset(folder)
            with Supervisor.taking_signals(_say) as supervisor:
                try:
                    if given.command == "demo":
                        demo.run(folder, supervisor)
                    else:
                        _services(folder, supervisor, webhook_url=given.webhook_url)
                except Stopped:
                    print("\nStopping.", file=sys.stderr, flush=True)
    except lock.AlreadyRunning as running:
        print(_already_running(folder, running.pid), file=sys.stderr)
        return 1
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, purpose in (
        ("demo", "run the whole platform with demonstration data"),
        ("services", "run PostgreSQL, Redis and the payment sandbox; print their addresses as one line of JSON"),
        ("reset", "remove the data, the logs and the ports"),
        ("manage", "run a command of the platform (manage.py) on the demonstration that runs"),
    ):
        command = commands.add_parser(name, help=purpose, description=purpose)
        command.add_argument("--state", type=Path, default=_STATE, help="the folder to keep everything in")
        if name == "manage":
            command.add_argument("arguments", nargs=argparse.REMAINDER)
        if name == "services":
            command.add_argument(
                "--webhook-url",
                default="http://localhost:8000/webhooks/stripe",
                help="where the payment sandbox sends its events",
            )
    return parser


def _services(folder: Path, supervisor: Supervisor, *, webhook_url: str) -> None:
    services = backing.start(supervisor, folder, webhook_url=webhook_url, durable=False)
    addresses = services.environment | {"SANDBOX_CONTROL": services.sandbox_control}
    print(json.dumps(addresses), flush=True)
    supervisor.start(*services.background)
    supervisor.watch()


def _reset(folder: Path) -> int:
    leftovers.end_marked(folder)
    postgres.forget(folder)
    for entry in folder.iterdir():
        if entry.name in _KEPT_AT_RESET:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    print(f"Removed what was in {folder}.")
    return 0


def _already_running(folder: Path, pid: int) -> str:
    facts = announcement.read(folder)
    where = announcement.page(facts) if facts else "It is still starting."
    return (
        f"The platform already runs here (process {pid}).\n{where}\n"
        f"To stop it: Ctrl-C where it was started, or kill {pid}."
    )


def _say(sentence: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
