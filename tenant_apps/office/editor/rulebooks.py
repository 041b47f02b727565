"""The lists of rules that an offering holds: its conditions, an option's, a period's audience, and its prices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel.folding import fold
from kernel.registry import Registry
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.pricing.kind import PRICE_KINDS
from tenant_apps.catalog.rules.kind import KINDS
from tenant_apps.office.editor import rule_hints, shell, wording

_OPTION, _WINDOW = "choix-", "periode-"


@dataclass(frozen=True, slots=True)
class Row:
    index: int
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Book:
    """`row` and `column` are where it is kept; `window` is its number where it is the audience of a period."""

    key: str
    step: str
    title: str | Promise
    back: str
    kinds: Registry[Any]
    row: Offering | Option
    column: str
    rules: list[dict[str, Any]]
    window: int | None = None

    def column_with(self, rules: Iterable[Mapping[str, Any]]) -> Any:
        """What the column says once these are its rules."""
        kept = [dict(rule) for rule in rules]
        if self.column == "pricing":
            return {**self.row.pricing, "rules": kept}  # type: ignore[union-attr]
        if self.window is not None:
            windows = [dict(each) for each in self.row.windows]  # type: ignore[union-attr]
            windows[self.window]["for"] = kept
            return windows
        return kept

    @property
    def seen(self) -> str:
        """What a page that shows it carries, to know of a change made meanwhile."""
        return shell.marks(self.row, [self.column])

    @property
    def rows(self) -> list[Row]:
        return rows(self.rules, self.kinds)

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """The kinds that can be added, by their titles, each with what it is for."""
        hints = rule_hints.PRICES if self.kinds is PRICE_KINDS else rule_hints.CONDITIONS
        every = ((key, str(kind.title), str(hints.get(key, ""))) for key, kind in self.kinds)
        return sorted(every, key=lambda each: fold(each[1]))


def rows(rules: Iterable[Mapping[str, Any]], kinds: Registry[Any] = KINDS) -> list[Row]:
    return [
        Row(index, str(kind.title) if (kind := kinds.get(rule["kind"])) else rule["kind"], wording.rule(rule, kinds))
        for index, rule in enumerate(rules)
    ]


def conditions(offering: Offering) -> Book:
    back = reverse("office:edit_conditions", args=[offering.slug])
    title = _("Conditions de l’activité")
    return Book("conditions", "conditions", title, back, KINDS, offering, "requirements", list(offering.requirements))


def prices(offering: Offering) -> Book:
    back = reverse("office:edit_terms", args=[offering.slug])
    rules = list(offering.pricing.get("rules", []))
    return Book("prix", "prix", _("Règles de prix"), back, PRICE_KINDS, offering, "pricing", rules)


def of_option(offering: Offering, option: Option) -> Book:
    back = reverse("office:edit_option", args=[offering.slug, option.pk])
    key, title = f"{_OPTION}{option.pk}", _("Conditions de ce choix")
    return Book(key, "choix", title, back, KINDS, option, "requirements", list(option.requirements))


def of_window(offering: Offering, index: int) -> Book:
    """Raises IndexError."""
    back = reverse("office:edit_window", args=[offering.slug, index])
    rules = list(offering.windows[index].get("for", []))
    key, title = f"{_WINDOW}{index}", _("Qui est de cette période")
    return Book(key, "conditions", title, back, KINDS, offering, "windows", rules, window=index)


def named(offering: Offering, key: str) -> Book:
    """Raises Http404."""
    try:
        if key.startswith(_OPTION):
            return of_option(offering, offering.options.get(pk=UUID(key.removeprefix(_OPTION))))
        if key.startswith(_WINDOW):
            return of_window(offering, int(key.removeprefix(_WINDOW)))
        return {"conditions": conditions, "prix": prices}[key](offering)
    except (KeyError, ValueError, IndexError, NoReverseMatch, Option.DoesNotExist):
        raise Http404 from None
