"""A registration that was confirmed before: in an activity, one of its levels, a category or a season."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import Words, in_language, with_translations
from tenant_apps.catalog.models import Category, Offering, Option, Season
from tenant_apps.catalog.reasons import Code, Reason, listed
from tenant_apps.catalog.rules.kind import Case, Circle, Kind, Rule, RuleForm, everybody
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.rules import taken, taken_by_each

_PARTS = ("offering", "option", "category", "season")


@dataclass(frozen=True, slots=True)
class Facts:
    taken: Sequence[Registration] = ()
    names: Mapping[tuple[str, str], Words] = field(default_factory=dict)


class EarlierForm(RuleForm):
    offering = forms.MultipleChoiceField(label=gettext_lazy("Activités"), required=False)
    option = forms.CharField(
        label=gettext_lazy("Code du choix"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Par exemple le niveau précédent d’un cours, où qu’il ait été suivi."),
    )
    category = forms.ChoiceField(label=gettext_lazy("Catégorie"), required=False)
    season = forms.ChoiceField(label=gettext_lazy("Saison"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        any_of_them = [("", gettext_lazy("Peu importe"))]
        self.fields["offering"].choices = [  # type: ignore[attr-defined]
            (each.slug, str(each)) for each in Offering.objects.order_by("title")
        ]
        self.fields["category"].choices = any_of_them + [  # type: ignore[attr-defined]
            (each.slug, str(each)) for each in Category.objects.all()
        ]
        self.fields["season"].choices = any_of_them + [  # type: ignore[attr-defined]
            (each.name, each.name) for each in Season.objects.order_by("-starts_on")
        ]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(said.get(part) for part in _PARTS):
            self.add_error(None, _("Indiquez où l’inscription antérieure est attendue."))
        return said


class Earlier(Kind):
    """{"offering": [slug], "option": code, "category": slug, "season": name}: all that is said must be true of one.

    Any of the offerings will do: a course followed in the season before counts like its copy of this season.
    """

    key = "earlier"
    title = gettext_lazy("Inscription antérieure")
    form = EarlierForm

    def explain(self, rule: Rule) -> str:
        where = _where(rule, _names([rule]))
        return _("Il faut avoir eu une inscription confirmée à\u202f: %(where)s.") % {"where": listed(where)}

    def copied(self, rule: Rule, copies: Mapping[str, str]) -> Rule:
        made = [copies[slug] for slug in rule.get("offering", []) if slug in copies]
        if not made:
            return rule
        # Whoever took the original, or its copy, in either season.
        return {**{key: said for key, said in rule.items() if key != "season"}, "offering": [*rule["offering"], *made]}

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Facts:
        return Facts(list(_confirmed(circle)), _names(list(rules)))

    def gather_each(self, rules: Sequence[Rule], circles: Sequence[Circle]) -> list[Facts]:
        """Only what is for the participant answers, whoever registered them."""
        names, rows = _names(rules), _confirmed(everybody(circles))
        return [Facts(own, names) for own in taken_by_each.of_own(rows, circles)]

    def judge(self, rule: Rule, case: Case, known: Facts) -> Reason | None:
        own = (each for each in known.taken if each.participant_id == case.participant.id)
        if any(_answers(rule, each.option, case) for each in own):
            return None
        values = {"first_name": case.participant.shown_name, "where": _where(rule, known.names)}
        return Reason(Code.NOT_EARLIER, values)


def _confirmed(circle: Circle) -> QuerySet[Registration]:
    return taken.confirmed(circle).select_related("option__offering__category", "option__offering__season")


def _answers(rule: Rule, option: Option, case: Case) -> bool:
    """What is registered for now is no earlier registration, unless the rule names it."""
    offering = option.offering
    said = {
        "offering": offering.slug,
        "option": option.code,
        "category": offering.category.slug if offering.category else "",
        "season": offering.season.name if offering.season else "",
    }
    if any(value not in _said(rule, part) for part, value in said.items() if rule.get(part)):
        return False
    return "offering" in rule or offering.id != case.offering.id


def _where(rule: Rule, names: Mapping[tuple[str, str], Words]) -> list[str]:
    return [in_language(names.get((part, said), said)) for part in _PARTS for said in _said(rule, part)]


def _names(rules: Sequence[Rule]) -> dict[tuple[str, str], Words]:
    """Of what the rules name by slug; the code of an option and the name of a season say what they are."""
    offerings = Offering.objects.filter(slug__in={slug for rule in rules for slug in _said(rule, "offering")})
    categories = Category.objects.filter(slug__in={rule.get("category", "") for rule in rules})
    return {
        **{("offering", each.slug): with_translations(each.title, each.translations, "title") for each in offerings},
        **{("category", each.slug): with_translations(each.name, each.translations, "name") for each in categories},
    }


def _said(rule: Rule, part: str) -> list[str]:
    said = rule.get(part) or []
    return [said] if isinstance(said, str) else list(said)
