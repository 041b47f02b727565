"""What installs packages: uv, many times faster, or pip where uv cannot be had.

No registry is ever named here: the mirrors, certificates and offline folders the user set for pip or for uv hold.
"""

import ast
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.embedded.failure import Failure

# What uv calls the settings of pip. uv does not read pip's own.
_UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
}


@dataclass(frozen=True)
class Tool:
    """One of the two, bound to an environment."""

    python: Path
    uv: Path | None
    env: Mapping[str, str]

    def run(self, *arguments: str) -> None:
        command = [str(self.uv), "pip"] if self.uv else [str(self.python), "-m", "pip"]
        selected = ["--python", str(self.python)] if self.uv else []
        subprocess.run([*command, *arguments, *selected], env=dict(self.env), check=True)

    def sync(self, lock: Path) -> None:
        """Install what the lock names. Raises Failure when neither tool manages to."""
        try:
            if self.uv:
                self.run("sync", "--require-hashes", str(lock))
                return
        except subprocess.CalledProcessError:
            print("→ uv did not manage: trying with pip", flush=True)
        try:
            Tool(self.python, None, self.env).run("install", "--require-hashes", "-r", str(lock))
        except subprocess.CalledProcessError as error:
            raise Failure(
                "The dependencies could not be installed: see the lines above.\n"
                "They come from the package index your pip or uv is set to use (PIP_INDEX_URL, UV_DEFAULT_INDEX,\n"
                "pip.conf); behind a proxy set HTTPS_PROXY, with an own certificate PIP_CERT and SSL_CERT_FILE."
            ) from error


def find(python: Path, environment: Path) -> Tool:
    """uv from the environment or from the machine, else installed now, else pip."""
    env = os.environ | _translated(_pip_settings(python))
    env.setdefault("UV_PYTHON_DOWNLOADS", "never")
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    # Both would rather write to another environment that happens to be active.
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "PIP_REQUIRE_VIRTUALENV", "PIP_USER", "PIP_TARGET"):
        env.pop(name, None)
    if not os.access(Path.home(), os.W_OK) and "UV_CACHE_DIR" not in env:
        env["UV_CACHE_DIR"] = str(Path(tempfile.gettempdir()) / f"uv-cache-{os.getuid()}")
    own = environment / "bin" / "uv"
    if not own.exists() and not shutil.which("uv"):
        print("→ Fetching uv", flush=True)
        subprocess.run([python, "-m", "pip", "install", "uv"], env=env, check=False)
    system = shutil.which("uv")
    uv = own if own.exists() else Path(system) if system else None
    return Tool(python, uv, env)


def _pip_settings(python: Path) -> dict[str, str]:
    """pip's settings by name, from its files and from the environment."""
    listing = subprocess.run([python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    found: dict[str, str] = {}
    for line in listing.stdout.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in {"global", "install", ":env:"} and value:
            found[name] = str(ast.literal_eval(value))
    return found


def _translated(settings: Mapping[str, str]) -> dict[str, str]:
    """The same settings for uv, except what the user has told uv already."""
    wanted = {_UV_NAMES[name]: " ".join(value.split()) for name, value in settings.items() if name in _UV_NAMES}
    if "UV_FIND_LINKS" in wanted:
        wanted["UV_FIND_LINKS"] = wanted["UV_FIND_LINKS"].replace(" ", ",")
    if "UV_INDEX" in wanted:
        # pip looks into all its indexes; safe here, since every file is known by its hash.
        wanted["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    if "default-timeout" in settings or "timeout" in settings:
        wanted["UV_HTTP_TIMEOUT"] = settings.get("timeout") or settings["default-timeout"]
    return {name: value for name, value in wanted.items() if name not in os.environ}
