"""The platform's own processes: what they are told, and how they are started."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded import ports, state
from deploy.embedded.health import answers
from deploy.embedded.process import MARK, REPOSITORY, Part

DOMAIN = "localhost"


def base_environment(folder: Path) -> dict[str, str]:
    """What every Python process of the installation is told."""
    roots = [str(REPOSITORY), str(REPOSITORY / "platform")]
    given = os.environ.get("PYTHONPATH")
    return {
        # Certificates of erasure say it, and the copies are kept so long.
        "BACKUP_DAYS": "14",
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*roots, *([given] if given else [])]),
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        MARK: str(folder),
    }


def environment(folder: Path, *, port: int, services: Mapping[str, str]) -> dict[str, str]:
    """What the platform is told: its services, and where it is and keeps its files."""
    return {
        **base_environment(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "SECRET_KEY": state.secret(folder / "secret_key"),
        "MEDIA_ROOT": str(folder / "files"),
        "CLOCK_FILE": str(folder / "clock"),
        "METRICS_TOKEN": state.secret(folder / "metrics_token"),
        "PROMETHEUS_MULTIPROC_DIR": str(counts(folder)),
        "PLATFORM_DOMAIN": DOMAIN,
        "PLATFORM_PORT": str(port),
        **services,
    }


def counts(folder: Path) -> Path:
    """Where all processes of this run write what they count."""
    path = folder / "counts"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def web(folder: Path, *, port: int, env: Mapping[str, str]) -> Part:
    """The web server."""
    options = {
        "--chdir": str(REPOSITORY),
        "--bind": f"{ports.LOOPBACK}:{port}",
        "--worker-class": "gthread",
        "--workers": "2",
        "--threads": "8",
        "--graceful-timeout": "3",
        # No header of a visitor's decides where the application stands.
        "--forwarder-headers": "",
        "--config": "python:deploy.embedded.web_hooks",
    }
    return Part(
        name="web",
        # Loaded once, before the workers part: half the time to start, and much less memory.
        argv=_module("gunicorn", "config.wsgi", "--preload", "--no-control-socket", *_words(options)),
        env=env,
        log=folder / "logs" / "web.log",
        ready=lambda: answers(f"http://{ports.LOOPBACK}:{port}/healthz", host=f"{DOMAIN}:{port}"),
    )


def background(folder: Path, *, env: Mapping[str, str]) -> tuple[Part, Part]:
    """The worker, and the clock that hands out the regular tasks."""
    return (_worker(folder, env), _beat(folder, env))


def _worker(folder: Path, env: Mapping[str, str]) -> Part:
    options = {"--pool": "prefork", "--concurrency": "2", "--loglevel": "INFO"}
    # There is no other worker to hear of.
    alone = ("--without-gossip", "--without-mingle")
    return _celery("worker", *alone, *_words(options), folder=folder, env=env)


def _beat(folder: Path, env: Mapping[str, str]) -> Part:
    options = {"--schedule": str(folder / "beat-schedule"), "--loglevel": "INFO"}
    return _celery("beat", *_words(options), folder=folder, env=env)


def _celery(name: str, *arguments: str, folder: Path, env: Mapping[str, str]) -> Part:
    # Written once everything is imported and the program begins its work.
    begun = folder / f"{name}.pid"
    return Part(
        name=name,
        argv=_module("celery", "--app=config.celery", name, f"--pidfile={begun}", *arguments),
        env=env,
        log=folder / "logs" / f"{name}.log",
        before=lambda: begun.unlink(missing_ok=True),
        ready=begun.exists,
    )


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)


def _words(options: Mapping[str, str]) -> list[str]:
    return [word for pair in options.items() for word in pair]
