"""The simulated provider of identities as a child: what stands in for eID, itsme and a board's portal."""

import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded import ports, product, state
from deploy.embedded.health import answers
from deploy.embedded.process import Part

SETTING = "IDENTITY_SIMULATION_URL"


@dataclass(frozen=True)
class Identity:
    """Ready to be started; `url` is its issuer."""

    part: Part
    url: str

    def environment(self) -> dict[str, str]:
        """How the platform is told of it."""
        return {SETTING: self.url}


def prepare(folder: Path) -> Identity:
    """Find its port, the same at each start."""
    state.prepare(folder)
    port = ports.remembered(folder, "identity")
    url = f"http://{ports.LOOPBACK}:{port}"
    part = Part(
        name="identity",
        argv=(sys.executable, "-m", "deploy.embedded.citizens", str(port)),
        env=product.base_environment(folder),
        log=folder / "logs" / "identity.log",
        ready=lambda: answers(f"{url}/.well-known/openid-configuration"),
    )
    return Identity(part, url)
