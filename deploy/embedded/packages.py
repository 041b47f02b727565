"""Folders of installed packages whose binaries are used and whose Python code is not imported."""

import importlib.util
from pathlib import Path

from deploy.embedded.failure import Failure


def find(name: str) -> Path | None:
    """The folder of an installed package, None when it is not installed."""
    spec = importlib.util.find_spec(name)
    locations = spec.submodule_search_locations if spec else None
    return Path(locations[0]) if locations else None


def folder(name: str) -> Path:
    """The folder of an installed package. Raises Failure when it is not installed."""
    found = find(name)
    if found is None:
        raise Failure(f"The package {name} is not installed: run `make setup`.")
    return found
