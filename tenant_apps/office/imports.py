"""What the pages of an import say: columns in words, faults in the reader's language, a model of the table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel import clock
from tenant_apps.imports import errors, headers, queries
from tenant_apps.imports.models import ImportRun, State
from tenant_apps.imports.terms import terms_of
from tenant_apps.organisation import queries as organisation

COLUMNS: dict[str, str | Promise] = {
    "last_name": _("Nom"),
    "first_name": _("Prénom"),
    "used_name": _("Prénom usuel"),
    "birth_date": _("Date de naissance"),
    "establishment": _("Établissement"),
    "level": _("Niveau"),
    "home_group": _("Groupe"),
    "teacher": _("Enseignant"),
    "student_number": _("Numéro de fiche"),
    "external_id": _("Identifiant"),
    "national_number": _("Numéro national"),
    "guardians": _("Adultes rattachés"),
}
KINDS: dict[str, tuple[str | Promise, str]] = {
    "new": (_("Nouvelle fiche"), "ok"),
    "changed": (_("Fiche modifiée"), "info"),
    "gone": (_("Départ"), "warn"),
}
TAGS = {
    State.CHECKING: "info",
    State.CHECKED: "brand",
    State.RUNNING: "info",
    State.DONE: "ok",
    State.FAILED: "bad",
    State.CANCELLED: "",
}
# What the model of the table shows, in this order, and for how many adults.
_MODEL = ("student_number", "last_name", "first_name", "used_name", "birth_date", "establishment", "level")
_MODEL_ADULTS = ("last_name", "first_name", "email", "phone", "reference")
_EXAMPLES = (
    ("1000001", "Lapointe", "Sarah", "", "2018-03-04"),
    ("1000002", "Roy", "Samuel", "Sam", "2017-11-23"),
)


def told(faults: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Faults as people read them."""
    for fault in faults:
        column = COLUMNS.get(fault["column"], fault["column"])
        yield {**fault, "column": column, "message": errors.told(fault)}


def preview_of(run: ImportRun) -> list[dict[str, Any]]:
    return [_shown(change) for change in run.preview]


def with_tags(runs: Iterable[ImportRun]) -> list[dict[str, Any]]:
    return [{"run": run, "tag": TAGS[State(run.state)]} for run in runs]


def all_faults(run: ImportRun) -> Iterator[Sequence[object]]:
    for fault in told(queries.faults(run)):
        yield fault["file"], fault["row"] or "", fault["column"], fault["message"]


def model_head() -> list[str]:
    language = _language()
    adults = [f"{number}.{column}" for number in (1, 2) for column in _model_adults()]
    return [headers.shown(column, language=language) for column in (*_MODEL, "home_group", "teacher", *adults)]


def model_rows() -> Iterator[Sequence[object]]:
    """Made-up people, in the organisation's own schools and levels."""
    schools = [school.name for school in organisation.establishments()[:2]] or [""]
    levels = [level.name for level in organisation.levels()[:2]] or [""]
    for number, child in enumerate(_EXAMPLES):
        parent = (child[1], "Marie", f"marie.{child[1].lower()}@example.org", "514 555-0123", f"P{child[0]}")
        school, level = schools[number % len(schools)], levels[number % len(levels)]
        yield *child, school, level, "601", "Anne Tremblay", *parent, *[""] * (2 * len(_model_adults()) - len(parent))


def _model_adults() -> tuple[str, ...]:
    """The number has its column only where the organisation may ask for it, and no example: it might be somebody's."""
    is_asked = terms_of(organisation.profile(), at=clock.now()).asks_national_number
    return (*_MODEL_ADULTS, "national_number") if is_asked else _MODEL_ADULTS


def _shown(change: Mapping[str, Any]) -> dict[str, Any]:
    words, tag = KINDS[change["kind"]]
    cells = [
        {"label": COLUMNS.get(column, column), "before": before, "after": after}
        for column, before, after in change["changes"]
    ]
    return {**change, "words": words, "tag": tag, "changes": cells}


def _language() -> str:
    return "fr" if (get_language() or "fr").startswith("fr") else "en"
