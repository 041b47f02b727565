"""The kinds of organisation that an operator can open: the presets, under the names that operators know."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.organisation.presets.files import keys, load

NAMES: dict[str, str | Promise] = {
    "school_board_qc": _("Centre de services scolaire (Québec)"),
    "city_qc": _("Ville (Québec)"),
    "school_board_on": _("Conseil scolaire (Ontario)"),
    "commune_be": _("Commune (Belgique)"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What the registry must know of a preset before the organisation exists."""

    key: str
    time_zone: str
    currency: str
    country: str
    languages: list[str]


def choices() -> list[tuple[str, str | Promise]]:
    return [(key, NAMES.get(key, key)) for key in keys()]


def kind(key: str) -> Kind:
    """Raises UnknownPreset."""
    profile: dict[str, Any] = load(key)["profile"]
    return Kind(
        key=key,
        time_zone=profile["time_zone"],
        currency=profile["currency"],
        country=profile["territory"],
        languages=profile["languages"],
    )
