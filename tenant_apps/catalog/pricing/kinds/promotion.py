"""What a promotional code takes off, between two days."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.pricing.codes import fold_code
from tenant_apps.catalog.pricing.forms import ChangeForm
from tenant_apps.catalog.pricing.kind import PriceKind, PriceRule, Situation, change, size
from tenant_apps.catalog.pricing.quote import Step
from tenant_apps.catalog.pricing.wording import day_words, how_much
from tenant_apps.organisation.prices import Prices


class PromotionForm(ChangeForm):
    field_order = ["code", "percent", "cents", "from_on", "until_on"]

    code = forms.CharField(
        label=gettext_lazy("Code promotionnel"),
        help_text=gettext_lazy("Majuscules, accents et espaces ne comptent pas."),
        max_length=40,
    )
    from_on = forms.DateField(
        label=gettext_lazy("À partir de quel jour"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until_on = forms.DateField(
        label=gettext_lazy("Jusqu’à quel jour"),
        help_text=gettext_lazy("Ce jour est compris."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        first, last = said.get("from_on"), said.get("until_on")
        if first and last and first > last:
            self.add_error("until_on", _("Le dernier jour vient avant le premier."))
        return said


class PromotionKind(PriceKind):
    """Only who has the code is told of it."""

    key = "promotion"
    title = gettext_lazy("Code promotionnel")
    form: ClassVar[type[ChangeForm]] = PromotionForm
    is_told = False

    def explain(self, rule: PriceRule, tables: Prices | None = None) -> str:
        said = {"code": rule["code"], "change": how_much(rule)}
        match "from_on" in rule, "until_on" in rule:
            case True, True:
                text = _("Avec le code «\u202f%(code)s\u202f», du %(first)s au %(last)s\u202f: %(change)s.")
            case True, False:
                text = _("Avec le code «\u202f%(code)s\u202f», à partir du %(first)s\u202f: %(change)s.")
            case False, True:
                text = _("Avec le code «\u202f%(code)s\u202f», jusqu’au %(last)s\u202f: %(change)s.")
            case _other:
                text = _("Avec le code «\u202f%(code)s\u202f»\u202f: %(change)s.")
        days = {"first": rule.get("from_on"), "last": rule.get("until_on")}
        return text % {**said, **{name: day_words(day) for name, day in days.items() if day}}

    def apply(self, rule: PriceRule, situation: Situation) -> Step | None:
        if not situation.promotion or fold_code(rule["code"]) != situation.promotion:
            return None
        # What was held on its last day may be paid the day after; what was held before its first day gains it.
        if not (is_valid(rule, situation.taken_on) or is_valid(rule, situation.on)):
            return None
        return Step(self.key, change(rule, situation), {"code": rule["code"], **size(rule)})

    def label(self, values: Mapping[str, Any]) -> str:
        return _("Code «\u202f%(code)s\u202f» (%(change)s)") % {"code": values["code"], "change": how_much(values)}


def is_valid(rule: PriceRule, day: date) -> bool:
    return not is_over(rule, day) and not ("from_on" in rule and day < date.fromisoformat(rule["from_on"]))


def is_over(rule: PriceRule, day: date) -> bool:
    return "until_on" in rule and day > date.fromisoformat(rule["until_on"])
