"""What a running demonstration tells: a file for programs, a page of text for people."""

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deploy.embedded import names, state, totp
from deploy.embedded.product import DOMAIN

NAME = "demo.json"


def describe(
    demonstration: Mapping[str, Any],
    *,
    port: int,
    folder: Path,
    services: Mapping[str, str],
    sandbox_control: str | None,
    mailbox: str,
) -> dict[str, Any]:
    """Every address and login, from what the demonstration's command printed."""
    organisations = {
        name: {"url": f"http://{found['host']}.{DOMAIN}:{port}/"}
        | {key: value for key, value in found.items() if key != "host"}
        for name, found in demonstration["organisations"].items()
    }
    return {
        "platform": {"url": f"http://{DOMAIN}:{port}/", "operator": demonstration["operator"]},
        "organisations": organisations,
        "mailbox": mailbox,
        "sandbox": {"api": services["STRIPE_API_BASE"], "control": sandbox_control},
        "identity": services["IDENTITY_SIMULATION_URL"],
        "names": str(names.file_in(folder)),
        "database_url": services["DATABASE_URL"],
        "redis_url": services["REDIS_URL"],
        "state": str(folder),
    }


def publish(folder: Path, facts: Mapping[str, Any]) -> None:
    """Write the file; that it is there means that the platform serves."""
    state.write_private(folder / NAME, json.dumps(facts, indent=2, ensure_ascii=False))


def withdraw(folder: Path) -> None:
    (folder / NAME).unlink(missing_ok=True)


def read(folder: Path) -> dict[str, Any] | None:
    """What the platform running in this folder published, None when it does not serve yet."""
    try:
        facts: dict[str, Any] = json.loads((folder / NAME).read_text())
    except (FileNotFoundError, PermissionError):
        return None
    return facts


def page(facts: Mapping[str, Any]) -> str:
    """The same for people."""
    operator = facts["platform"]["operator"]
    secret, now = operator["totp_secret"], time.time()
    lines = [
        "",
        "Préau runs.",
        "",
        f"  The platform            {facts['platform']['url']}",
        *_login("operator", operator),
        *(line for name, found in facts["organisations"].items() for line in _organisation(name, found)),
        "",
        "  Second factor of the operator and of all staff (asked after the password)",
        f"      the code of now     {totp.code(secret, at=now)}, then {totp.code(secret, at=now + totp.STEP_SECONDS)}",
        f"      in an authenticator {secret}",
        "",
        "  Test card               4242 4242 4242 4242, any date to come, any three digits",
        f"  E-mails                 {facts['mailbox']}",
        f"  Payment sandbox         {facts['sandbox']['api']}",
        f"  Identities (simulated)  {facts['identity']}",
        f"  Logs                    {facts['state']}/logs",
        f"  All of this again       {facts['state']}/{NAME}",
        "  Stop                    Ctrl-C; the data stays (make reset removes it)",
        "",
    ]
    return "\n".join(lines)


def _organisation(name: str, found: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"  {name:<24}{found['url']}"
    for role, login in found.get("staff", {}).items():
        yield from _login(role, login)
    if guardian := found.get("guardian"):
        yield from _login("guardian", guardian)


def _login(role: str, login: Mapping[str, str]) -> Iterator[str]:
    yield f"      {role:<20}{login['email']}   {login['password']}"
