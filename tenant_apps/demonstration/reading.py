"""The demonstration's data files, and the pictures that go with them."""

from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent

# Which files there are, in the order in which their organisations are shown.
KEYS = ("school_board_qc", "city_qc", "school_board_on", "commune_be")

Data = dict[str, Any]


def data(key: str) -> Data:
    read: Data = yaml.safe_load((_FOLDER / "data" / f"{key}.yaml").read_text(encoding="utf-8"))
    return read


def requests() -> Data:
    """What families ask, by the key of their organisation."""
    read: Data = yaml.safe_load((_FOLDER / "data" / "requests.yaml").read_text(encoding="utf-8"))
    return read


def openings() -> Data:
    """What many want at once, by the key of their organisation."""
    read: Data = yaml.safe_load((_FOLDER / "data" / "openings.yaml").read_text(encoding="utf-8"))
    return read


def money() -> Data:
    """What families owe, by the key of their organisation."""
    read: Data = yaml.safe_load((_FOLDER / "data" / "money.yaml").read_text(encoding="utf-8"))
    return read


def picture(name: str) -> bytes:
    return (_FOLDER / "pictures" / f"{name}.webp").read_bytes()
