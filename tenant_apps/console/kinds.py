"""The kinds of organisation that an operator can open: the presets, under the names that operators know."""

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
    offered: list[str] = load(key)["profile"]["languages"]
    return offered
