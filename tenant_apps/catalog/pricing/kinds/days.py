"""A discount until a day, a surcharge from a day: of the hold, so that paying later changes nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.pricing.forms import ChangeForm
from tenant_apps.catalog.pricing.kind import PriceKind, PriceRule, Situation, change, size
from tenant_apps.catalog.pricing.quote import Step
from tenant_apps.catalog.pricing.wording import day_words, how_much
from tenant_apps.organisation.prices import Prices


class EarlyForm(ChangeForm):
    field_order = ["until_on", "percent", "cents"]

    until_on = forms.DateField(
        label=gettext_lazy("Jusqu’à quel jour"),
        help_text=gettext_lazy("Ce jour est compris."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class LateForm(ChangeForm):
    field_order = ["from_on", "percent", "cents"]

    from_on = forms.DateField(
        label=gettext_lazy("À partir de quel jour"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class EarlyKind(PriceKind):
    key = "early"
    title = gettext_lazy("Inscription hâtive")
    form: ClassVar[type[ChangeForm]] = EarlyForm

    def explain(self, rule: PriceRule, tables: Prices | None = None) -> str:
        said = {"day": day_words(rule["until_on"]), "change": how_much(rule)}
        return _("Jusqu’au %(day)s\u202f: %(change)s.") % said

    def apply(self, rule: PriceRule, situation: Situation) -> Step | None:
        if situation.taken_on > date.fromisoformat(rule["until_on"]):
            return None
        return Step(self.key, change(rule, situation), {"until_on": rule["until_on"], **size(rule)})

    def label(self, values: Mapping[str, Any]) -> str:
        said = {"day": day_words(values["until_on"]), "change": how_much(values)}
        return _("Inscription hâtive, jusqu’au %(day)s (%(change)s)") % said


class LateKind(PriceKind):
    key = "late"
    title = gettext_lazy("Inscription tardive")
    form: ClassVar[type[ChangeForm]] = LateForm

    def explain(self, rule: PriceRule, tables: Prices | None = None) -> str:
        said = {"day": day_words(rule["from_on"]), "change": how_much(rule)}
        return _("À partir du %(day)s\u202f: %(change)s.") % said

    def apply(self, rule: PriceRule, situation: Situation) -> Step | None:
        if situation.taken_on < date.fromisoformat(rule["from_on"]):
            return None
        return Step(self.key, change(rule, situation), {"from_on": rule["from_on"], **size(rule)})

    def label(self, values: Mapping[str, Any]) -> str:
        said = {"day": day_words(values["from_on"]), "change": how_much(values)}
        return _("Inscription tardive, à partir du %(day)s (%(change)s)") % said
