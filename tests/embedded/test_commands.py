"""The commands, as the person at the keyboard meets them."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.embedded import announcement, lock, ports, totp
from deploy.embedded.process import MARK, REPOSITORY

_FACTS = {
    "platform": {
        "url": "http://localhost:8000/",
        "operator": {"email": "ops@example.org", "password": "calme-plat", "totp_secret": "GEZDGNBVGY3TQOJQ"},
    },
    "organisations": {
        "city_qc": {
            "url": "http://ville.localhost:8000/",
            "staff": {"director": {"email": "d@example.org", "password": "vent-du-nord"}},
            "guardian": {"email": "g@example.org", "password": "brise"},
        }
    },
    "mailbox": "/somewhere/mailbox",
    "identity": "http://127.0.0.1:9001",
    "sandbox": {"api": "http://127.0.0.1:9000", "control": "http://127.0.0.1:9000/control"},
    "database_url": "postgresql://…",
    "redis_url": "redis://…",
    "state": "/somewhere",
}


def _run(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deploy.embedded", *arguments],
        cwd=REPOSITORY,
        # Nothing of ours: the suite names services of its own.
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port_is_named_and_nothing_is_started(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = _run("demo", "--state", str(folder), PORT=str(port))

    assert answer.returncode == 1
    assert answer.stderr == (
        f"\nPort {port} is taken by another program.\n"
        "Choose another one (PORT=8001 make demo), or leave PORT out to have a free one found.\n"
    )
    assert not (folder / "logs").exists()


@pytest.mark.parametrize("nonsense", ["http", "70000"])
def test_a_port_that_is_none_is_refused(folder: Path, nonsense: str) -> None:
    answer = _run("demo", "--state", str(folder), PORT=nonsense)

    assert (answer.returncode, answer.stderr) == (1, f"\nPORT={nonsense} is not a port number.\n")


def test_a_second_start_says_where_the_first_one_is(folder: Path) -> None:
    with lock.held(folder):
        announcement.publish(folder, _FACTS)
        answer = _run("demo", "--state", str(folder))

    assert answer.returncode == 1
    assert f"The platform already runs here (process {os.getpid()})." in answer.stderr
    for address in ("http://localhost:8000/", "http://ville.localhost:8000/"):
        assert address in answer.stderr


def test_a_running_platform_is_not_reset(folder: Path) -> None:
    with lock.held(folder):
        announcement.publish(folder, _FACTS)
        assert _run("reset", "--state", str(folder)).returncode == 1

    assert announcement.read(folder) == _FACTS


def test_reset_leaves_nothing(folder: Path) -> None:
    ports.remembered(folder, "web")
    (folder / "files" / "deep").mkdir(parents=True)

    answer = _run("reset", "--state", str(folder))

    assert (answer.returncode, answer.stdout) == (0, f"Removed what was in {folder}.\n")
    assert [entry.name for entry in folder.iterdir()] == ["lock"]


def test_what_an_earlier_run_left_running_is_ended_first(folder: Path) -> None:
    left = subprocess.Popen(["sleep", "60"], env={**os.environ, MARK: str(folder)})
    other = subprocess.Popen(["sleep", "60"], env={**os.environ, MARK: f"{folder}-other"})

    _run("reset", "--state", str(folder))

    assert left.wait(5) == -9
    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_named_database_that_does_not_answer_is_said_at_once(folder: Path) -> None:
    url = f"postgresql://nobody@127.0.0.1:{ports.any_free()}/none"

    answer = _run("services", "--state", str(folder), DATABASE_URL=url)

    assert answer.returncode == 1
    assert "DATABASE_URL is set, but that database cannot be used" in answer.stderr
    assert not (folder / "postgres").exists()


def test_a_named_processor_needs_its_keys(folder: Path) -> None:
    answer = _run(
        "services", "--state", str(folder), STRIPE_API_BASE="https://api.stripe.com", STRIPE_SECRET_KEY="sk_test_1"
    )

    assert (answer.returncode, answer.stderr) == (
        1,
        "\nSTRIPE_API_BASE is set: STRIPE_WEBHOOK_SECRET must be set too.\n",
    )


def test_the_announcement_tells_every_address_and_login() -> None:
    page = announcement.page(_FACTS)

    for told in (
        "http://localhost:8000/",
        "http://ville.localhost:8000/",
        "ops@example.org   calme-plat",
        "d@example.org   vent-du-nord",
        "g@example.org   brise",
        "GEZDGNBVGY3TQOJQ",
        "4242 4242 4242 4242",
        "/somewhere/mailbox",
        "/somewhere/logs",
        "/somewhere/demo.json",
        "Ctrl-C",
    ):
        assert told in page
    assert max(map(len, page.splitlines())) <= 110


def test_the_published_facts_are_for_their_owner_only(folder: Path) -> None:
    announcement.publish(folder, _FACTS)

    assert json.loads((folder / "demo.json").read_text()) == _FACTS
    assert oct((folder / "demo.json").stat().st_mode & 0o777) == "0o600"


@pytest.mark.parametrize(("at", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")])
def test_the_second_factor_is_that_of_the_standard(at: int, code: str) -> None:
    # RFC 6238, appendix B, cut to six digits.
    assert totp.code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", at=at) == code
