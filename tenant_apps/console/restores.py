"""The restores of an organisation as operators see them: what was found and done, in figures."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.context import in_registry
from tenants.models import Organisation, Restore

_LAST = 20
# By step and by what it found: a number, or a list of which the length is told.
_FIGURES: dict[tuple[str, str], str | Promise] = {
    ("money", "recovered"): _("Paiements retrouvés"),
    ("books", "breaks"): _("Écarts avec le processeur"),
    ("messages", "sent_since"): _("Courriels déjà partis"),
    ("erasures", "families"): _("Familles effacées de nouveau"),
    ("files", "missing"): _("Fichiers manquants"),
    ("events of the processor", "put_back"): _("Événements du processeur réécoutés"),
}


@dataclass(frozen=True, slots=True)
class Row:
    restore: Restore
    figures: list[tuple[str | Promise, int]]

    @property
    def kept_as(self) -> str:
        return str(self.restore.report.get("wrecked", ""))

    @property
    def seconds(self) -> str:
        return str(self.restore.report.get("seconds", ""))


def of(organisation: Organisation) -> list[Row]:
    """The newest first."""
    with in_registry():
        known = Restore.objects.filter(organisation=organisation).order_by("-asked_at")[:_LAST]
        return [Row(restore, _figures(restore.report.get("done", {}))) for restore in known]


def _figures(done: dict[str, dict[str, Any]]) -> list[tuple[str | Promise, int]]:
    found = [(label, done.get(step, {}).get(name)) for (step, name), label in _FIGURES.items()]
    return [
        (label, len(value) if isinstance(value, list) else int(value)) for label, value in found if value is not None
    ]
