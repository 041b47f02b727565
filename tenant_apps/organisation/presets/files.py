"""The presets: for each kind of organisation, a complete starting point as data (docs/presets.md)."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.registry import Registry

_FOLDER = Path(__file__).parent

Preset = dict[str, Any]
# Told of one section of a preset, a room writes its own rows. Registered in `AppConfig.ready()`.
Reader = Callable[[Any], None]

READERS: Registry[Reader] = Registry("section of a preset")


class LanguageNotOffered(Refusal):
    code = "language_not_offered"
    message = _("Ce genre d’organisation n’offre pas encore cette langue.")


class UnknownPreset(LookupError):
    """No preset has this key."""


def keys() -> list[str]:
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def facts(key: str) -> dict[str, str]:
    """What the registry must know of an organisation before it exists, by its columns. Raises UnknownPreset."""
    profile = load(key)["profile"]
    return {
        "time_zone": profile["time_zone"],
        "currency": profile["currency"],
        "country": profile["territory"],
        "language": profile["default_language"],
    }


def check(key: str, facts: Mapping[str, str]) -> None:
    """Raises LanguageNotOffered. Raises UnknownPreset."""
    if facts["language"] not in load(key)["profile"]["languages"]:
        raise LanguageNotOffered


@cache
def load(key: str) -> Preset:
    """The data of a preset, as its file says it. Raises UnknownPreset."""
    if key not in keys():
        raise UnknownPreset(f"no preset is named {key!r}; there are {keys()}")
    preset: Preset = yaml.safe_load((_FOLDER / f"{key}.yaml").read_text(encoding="utf-8"))
    return preset
