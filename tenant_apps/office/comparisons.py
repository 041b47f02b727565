"""Two records side by side, value by value, with what differs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.folding import fold
from tenant_apps.families.models import Guardian, LinkRequest, Participant
from tenant_apps.organisation.models import Establishment, Level

_PARTICIPANT: tuple[tuple[str, str | Promise], ...] = (
    ("last_name", _("Nom")),
    ("first_name", _("Prénom")),
    ("used_name", _("Prénom usuel")),
    ("birth_date", _("Date de naissance")),
    ("student_number", _("Numéro")),
    ("establishment", _("Établissement")),
    ("level", _("Niveau")),
    ("price_category", _("Catégorie de tarif")),
)
_GUARDIAN: tuple[tuple[str, str | Promise], ...] = (
    ("last_name", _("Nom")),
    ("first_name", _("Prénom")),
    ("email", _("Courriel")),
    ("phone", _("Téléphone")),
    ("birth_date", _("Date de naissance")),
    ("language", _("Langue")),
    ("reference", _("Numéro")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """`key` is the column to choose. A side that says nothing differs from nothing."""

    key: str
    label: str | Promise
    left: Any
    right: Any

    @property
    def differs(self) -> bool:
        return bool(self.left and self.right) and _folded(self.left) != _folded(self.right)

    @property
    def is_choice(self) -> bool:
        """Capitals and accents are worth choosing, though they make no difference."""
        return str(self.left or "") != str(self.right or "")

    @property
    def only_right(self) -> bool:
        return bool(self.right and not self.left)


def of_claim(claim: LinkRequest) -> list[Row]:
    """What was said of the child on the left, what is known on the right."""
    said, known = dict(claim.said), claim.participant
    said["birth_date"] = _day(said.get("birth_date"))
    if said.get("establishment"):
        said["establishment"] = Establishment.objects.filter(pk=said["establishment"]).first()
    if said.get("level"):
        said["level"] = Level.objects.filter(pk=said["level"]).first()
    rows = [Row(key, label, said.get(key), getattr(known, key)) for key, label in _PARTICIPANT[:-1]]
    return [row for row in rows if row.left or row.right]


def of_participants(kept: Participant, gone: Participant) -> list[Row]:
    return _of(kept, gone, _PARTICIPANT, ids=("establishment", "level"))


def of_guardians(kept: Guardian, gone: Guardian) -> list[Row]:
    return _of(kept, gone, _GUARDIAN)


def _of(
    kept: Participant | Guardian,
    gone: Participant | Guardian,
    columns: Iterable[tuple[str, str | Promise]],
    ids: Iterable[str] = (),
) -> list[Row]:
    return [
        Row(f"{name}_id" if name in ids else name, label, _shown(kept, name), _shown(gone, name))
        for name, label in columns
        if _shown(kept, name) or _shown(gone, name)
    ]


def _shown(record: Participant | Guardian, name: str) -> Any:
    if name == "language":
        return dict(settings.LANGUAGES).get(record.language, record.language)  # type: ignore[union-attr]
    words = getattr(record, f"get_{name}_display", None)
    return words() if words and getattr(record, name) else getattr(record, name)


def _folded(value: Any) -> str:
    return fold(str(value))


def _day(said: Any) -> date | None:
    return date.fromisoformat(said) if said else None
