"""The Chromium that the browser tests drive: found on the machine, or installed.

Runs on a bare Python, except for the last way of installing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
_PLAYWRIGHT = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")

HOW_TO_GET_ONE = (
    "No Chromium found: the browser tests cannot run. Any of these will do:\n"
    "  - install the system package `chromium` (Debian) or Google Chrome;\n"
    "  - run `.venv/bin/playwright install --with-deps chromium`;\n"
    "  - name one: CHROMIUM=/path/to/chromium make test"
)


def find() -> Path | None:
    """A Chromium that starts, or None. CHROMIUM names one, and then no other is looked for."""
    if named := os.environ.get("CHROMIUM"):
        return next(filter(_starts, [Path(named)]), None)
    on_path = [Path(found) for name in _NAMES if (found := shutil.which(name))]
    return next(filter(_starts, [*on_path, _MAC, *_playwright_own()]), None)


def ensure() -> Path | None:
    """A Chromium, installed if need be and possible."""
    if (found := find()) or os.environ.get("CHROMIUM"):
        return found
    print("→ No Chromium here: installing one for the browser tests", flush=True)
    root = os.geteuid() == 0
    if root and shutil.which("apt-get"):
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=env, check=False)
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"]
        subprocess.run(install, env=env, check=False)
        if found := find():
            return found
    playwright = Path(sys.executable).with_name("playwright")
    if playwright.exists():
        subprocess.run([playwright, "install", *(["--with-deps"] if root else []), "chromium"], check=False)
    return find()


def _playwright_own() -> list[Path]:
    told = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    caches = (
        [Path(told)] if told else [Path.home() / ".cache/ms-playwright", Path.home() / "Library/Caches/ms-playwright"]
    )
    return [path for cache in caches for pattern in _PLAYWRIGHT for path in sorted(cache.glob(pattern), reverse=True)]


def _starts(program: Path) -> bool:
    """Whether the program runs here: some systems install a name that leads nowhere."""
    if not program.exists():
        return False
    try:
        asked = subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def main() -> int:
    """Install a browser. Going on without is an error only where tests must be complete (CI)."""
    if ensure():
        return 0
    print(HOW_TO_GET_ONE, file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
