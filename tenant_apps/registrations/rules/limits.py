"""At most so many registrations for one child, or for one family, in an activity, a category or a season."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from kernel.words import Words, with_translations
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.catalog.rules.kind import Case, Circle, Kind, Rule, RuleForm, everybody
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.rules import taken, taken_by_each
from tenant_apps.registrations.rules.taken import Facts
from tenant_apps.registrations.states import TAKING

OFFERING, CATEGORY, SEASON = "offering", "category", "season"
SCOPES = [
    (OFFERING, _("Dans cette activité")),
    (CATEGORY, _("Dans toute la catégorie")),
    (SEASON, _("Dans toute la saison")),
]


class LimitForm(RuleForm):
    maximum = forms.IntegerField(label=_("Nombre d’inscriptions au plus"), min_value=1, max_value=1000)
    scope = forms.ChoiceField(label=_("Où elles comptent"), choices=SCOPES, initial=OFFERING, required=False)


class _Limit(Kind):
    """{"maximum": number, "scope": "offering" | "category" | "season"}, of the offering that asks it."""

    form = LimitForm
    counts = True
    code: ClassVar[Code]

    def is_of_option(self, rule: Rule) -> bool:
        return True

    def judge(self, rule: Rule, case: Case, known: Facts) -> Reason | None:
        scope, where = scope_of(rule, case.offering)
        within = [each for each in self.others(known, case) if is_within(scope, each.option.offering, case.offering)]
        if len(within) < rule["maximum"]:
            return None
        values = {"first_name": case.participant.shown_name, "maximum": rule["maximum"], "where": where}
        return Reason(self.code, values)

    @abstractmethod
    def others(self, known: Facts, case: Case) -> list[Registration]:
        """What counts beside what is asked."""


class ChildLimit(_Limit):
    key = "limit_child"
    title = _("Limite par personne")
    code = Code.CHILD_LIMIT

    def explain(self, rule: Rule) -> str:
        return _explained(
            rule,
            {
                OFFERING: ngettext(
                    "Une inscription par personne au plus.",
                    "%(maximum)s inscriptions par personne au plus.",
                    rule["maximum"],
                ),
                CATEGORY: ngettext(
                    "Une inscription par personne au plus dans la catégorie.",
                    "%(maximum)s inscriptions par personne au plus dans la catégorie.",
                    rule["maximum"],
                ),
                SEASON: ngettext(
                    "Une inscription par personne au plus dans la saison.",
                    "%(maximum)s inscriptions par personne au plus dans la saison.",
                    rule["maximum"],
                ),
            },
        )

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Facts:
        return Facts(list(taken.of_participants(circle)), circle.replacing)

    def gather_each(self, rules: Sequence[Rule], circles: Sequence[Circle]) -> list[Facts]:
        rows = taken.of_participants(everybody(circles))
        own = taken_by_each.of_own(rows, circles)
        return [Facts(found, circle.replacing) for found, circle in zip(own, circles, strict=True)]

    def others(self, known: Facts, case: Case) -> list[Registration]:
        return known.others_of(case)


class FamilyLimit(_Limit):
    key = "limit_family"
    title = _("Limite par famille")
    code = Code.FAMILY_LIMIT

    def explain(self, rule: Rule) -> str:
        return _explained(
            rule,
            {
                OFFERING: ngettext(
                    "Une inscription par famille au plus.",
                    "%(maximum)s inscriptions par famille au plus.",
                    rule["maximum"],
                ),
                CATEGORY: ngettext(
                    "Une inscription par famille au plus dans la catégorie.",
                    "%(maximum)s inscriptions par famille au plus dans la catégorie.",
                    rule["maximum"],
                ),
                SEASON: ngettext(
                    "Une inscription par famille au plus dans la saison.",
                    "%(maximum)s inscriptions par famille au plus dans la saison.",
                    rule["maximum"],
                ),
            },
        )

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Facts:
        return Facts(list(taken.of_family(circle).filter(status__in=TAKING)), circle.replacing)

    def gather_each(self, rules: Sequence[Rule], circles: Sequence[Circle]) -> list[Facts]:
        families = taken_by_each.of_family(circles)
        return [Facts(found, circle.replacing) for found, circle in zip(families, circles, strict=True)]

    def others(self, known: Facts, case: Case) -> list[Registration]:
        return known.others(case)


def _explained(rule: Rule, by_scope: dict[str, str]) -> str:
    return by_scope[rule.get("scope", OFFERING)] % {"maximum": rule["maximum"]}


def scope_of(rule: Rule, offering: Offering) -> tuple[str, Words]:
    """An offering without a category or a season counts for itself."""
    scope = rule.get("scope", OFFERING)
    if scope == CATEGORY and offering.category:
        return CATEGORY, with_translations(offering.category.name, offering.category.translations, "name")
    if scope == SEASON and offering.season:
        return SEASON, offering.season.name
    return OFFERING, with_translations(offering.title, offering.translations, "title")


def is_within(scope: str, offering: Offering, asking: Offering) -> bool:
    if scope == CATEGORY:
        return offering.category_id == asking.category_id
    return offering.season_id == asking.season_id if scope == SEASON else offering.id == asking.id
