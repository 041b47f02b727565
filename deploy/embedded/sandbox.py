"""The payment sandbox as a child: what stands in for the payment processor."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded import ports, product, state
from deploy.embedded.health import answers
from deploy.embedded.process import Part

# What every page may say: the sandbox takes any of this form.
PUBLISHABLE_KEY = "pk_test_preau"


@dataclass(frozen=True)
class Sandbox:
    """A payment sandbox ready to be started: where it answers, and what to sign and check with."""

    part: Part
    api: str
    control: str
    secret_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)

    def environment(self) -> dict[str, str]:
        """How the platform is told of it."""
        return {
            "STRIPE_API_BASE": self.api,
            "STRIPE_SECRET_KEY": self.secret_key,
            "STRIPE_WEBHOOK_SECRET": self.webhook_secret,
            "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE_KEY,
            "STRIPE_JS_URL": f"{self.api}/v3/stripe.js",
        }


def prepare(folder: Path, *, webhook_url: str) -> Sandbox:
    """Find a port and the secrets of the sandbox kept in `folder`; its events are sent to `webhook_url`."""
    state.prepare(folder)
    port = ports.remembered(folder, "sandbox")
    secret_key = "sk_test_" + state.secret(folder / "secrets" / "sandbox")
    webhook_secret = "whsec_" + state.secret(folder / "secrets" / "sandbox-webhook")
    api = f"http://{ports.LOOPBACK}:{port}"
    options = {
        "--port": str(port),
        "--database": str(folder / "sandbox.sqlite3"),
        "--secret-key": secret_key,
        "--webhook-url": webhook_url,
        "--webhook-secret": webhook_secret,
        "--public-url": api,
    }
    part = Part(
        name="sandbox",
        argv=(sys.executable, "-m", "deploy.sandbox", *(word for pair in options.items() for word in pair)),
        env=product.base_environment(folder),
        log=folder / "logs" / "sandbox.log",
        ready=lambda: answers(f"{api}/healthz"),
    )
    return Sandbox(part, api, f"{api}/_control", secret_key, webhook_secret)
