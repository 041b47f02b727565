"""The kinds of organisation that can be opened: the presets, under the names that people know them by."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.organisation.presets.files import keys, load

NAMES: dict[str, str | Promise] = {
    "school_board_qc": _("Centre de services scolaire (Québec)"),
    "city_qc": _("Ville (Québec)"),
    "school_board_on": _("Conseil scolaire (Ontario)"),
    "commune_be": _("Commune (Belgique)"),
}


def choices() -> list[tuple[str, str | Promise]]:
    return [(key, NAMES.get(key, key)) for key in keys()]


def languages(key: str) -> list[str]:
    """Raises UnknownPreset."""
    offered: list[str] = _profile(key)["languages"]
    return offered


def currency(key: str) -> str:
    """Raises UnknownPreset."""
    return str(_profile(key)["currency"])


def country(key: str) -> str:
    """Raises UnknownPreset."""
    return str(_profile(key)["territory"])


def check_language(key: str, language: str) -> None:
    """Raises ValidationError."""
    if language not in languages(key):
        raise ValidationError(_("Ce genre d’organisation n’offre pas encore cette langue."))


def _profile(key: str) -> dict[str, Any]:
    profile: dict[str, Any] = load(key)["profile"]
    return profile
