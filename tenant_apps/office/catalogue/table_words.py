"""What the pages of the catalogue's table say: what becomes of each offering, in words, and a model of the table."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.importing import columns
from tenant_apps.catalog.models import Category, Nature, Season, Selection
from tenant_apps.catalog.operations.many import Outcome
from tenant_apps.office.editor import wording
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile

KINDS: dict[str, tuple[str | Promise, str]] = {
    "new": (gettext_lazy("Nouvelle"), "ok"),
    "changed": (gettext_lazy("Modifiée"), "info"),
    "unchanged": (gettext_lazy("Inchangée"), ""),
    "refused": (gettext_lazy("Impossible"), "bad"),
}
_EXAMPLES: tuple[dict[str, str], ...] = (
    {"code": "S1", "name": "Semaine 1", "option_starts_on": "2027-06-28", "option_ends_on": "2027-07-02"},
    {"code": "S2", "name": "Semaine 2", "option_starts_on": "2027-07-05", "option_ends_on": "2027-07-09"},
)


def shown(outcome: Outcome, profile: Profile) -> dict[str, Any]:
    words, tag = KINDS[outcome.kind]
    return {
        "title": outcome.wanted.title,
        "slug": outcome.wanted.known.slug if outcome.wanted.known else "",
        "row": outcome.wanted.row,
        "words": words,
        "tag": tag,
        "against": outcome.against,
        "lines": wording.changes(outcome.changes, profile),
        "options": [
            {"name": part.name, "is_new": part.is_new, "lines": wording.changes(changes, profile)}
            for part, changes in outcome.parts
        ],
    }


def model_rows() -> Iterator[Sequence[str]]:
    """One camp of two weeks, in the organisation's own words where it has them."""
    season, category = Season.objects.order_by("-starts_on").first(), Category.objects.first()
    school, payee = organisation.establishments().first(), organisation.payees().first()
    camp = {
        "title": _("Camp de jour"),
        "nature": str(Nature.CAMP.label),
        "category": category.name if category else "",
        "season": season.name if season else "",
        "summary": _("Une semaine de jeux et de baignade."),
        "establishments": school.name if school else "",
        "payee": payee.name if payee else "",
        "selection": str(Selection.PER_WEEK.label),
        "starts_on": "2027-06-28",
        "ends_on": "2027-07-09",
        "opens_at": "2027-03-01 18:00",
        "deadline_on": "2027-06-18",
        "price_cents": "120",
        "capacity": "40",
    }
    for example in _EXAMPLES:
        said = {**camp, **example}
        yield [*(said.get(column.name, "") for column in columns.COLUMNS), ""]
