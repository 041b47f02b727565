"""A price by the family's income: a share of it, between a least and a most for each."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import in_language
from shared_apps.design.amounts import CentsField
from tenant_apps.catalog.pricing import wording
from tenant_apps.catalog.pricing.forms import PriceForm, percent_field
from tenant_apps.catalog.pricing.kind import PriceKind, PriceRule, Situation, change
from tenant_apps.catalog.pricing.quote import Step
from tenant_apps.catalog.pricing.wording import amount, choices, how_much, label_of, name_of
from tenant_apps.organisation.prices import Prices


class IncomeForm(PriceForm):
    band = forms.ChoiceField(label=gettext_lazy("Tranche de revenu"))
    percent = percent_field(required=True)
    minimum_cents = CentsField(label=gettext_lazy("Jamais moins de"), required=False)
    maximum_cents = CentsField(label=gettext_lazy("Jamais plus de"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["band"].choices = choices(wording.tables().income_bands)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        least, most = said.get("minimum_cents"), said.get("maximum_cents")
        if least is not None and most is not None and least > most:
            self.add_error("maximum_cents", _("Le maximum est plus petit que le minimum."))
        return said


class IncomeKind(PriceKind):
    key = "income"
    title = gettext_lazy("Selon le revenu")
    form: ClassVar[type[PriceForm]] = IncomeForm

    def explain(self, rule: PriceRule, tables: Prices | None = None) -> str:
        bands = (tables or wording.tables()).income_bands
        said = {"band": name_of(rule["band"], bands), "change": how_much(rule)}
        match "minimum_cents" in rule, "maximum_cents" in rule:
            case True, True:
                text = _("Pour «\u202f%(band)s\u202f»\u202f: %(change)s, de %(least)s à %(most)s.")
            case True, False:
                text = _("Pour «\u202f%(band)s\u202f»\u202f: %(change)s, jamais moins de %(least)s.")
            case False, True:
                text = _("Pour «\u202f%(band)s\u202f»\u202f: %(change)s, jamais plus de %(most)s.")
            case _other:
                text = _("Pour «\u202f%(band)s\u202f»\u202f: %(change)s.")
        least, most = rule.get("minimum_cents", 0), rule.get("maximum_cents", 0)
        return text % {**said, "least": amount(least), "most": amount(most)}

    def apply(self, rule: PriceRule, situation: Situation) -> Step | None:
        if situation.circumstances.income_band != rule["band"]:
            return None
        cents = situation.cents + change(rule, situation)
        # The bounds are of one, and never raise what is cheaper than the least already.
        least = min(rule.get("minimum_cents", 0) * situation.quantity, situation.cents)
        cents = max(cents, least)
        if "maximum_cents" in rule:
            cents = min(cents, rule["maximum_cents"] * situation.quantity)
        return Step(self.key, cents - situation.cents, {"label": label_of(rule["band"], situation.tables.income_bands)})

    def label(self, values: Mapping[str, Any]) -> str:
        return _("Tarif selon le revenu\u202f: %(band)s") % {"band": in_language(values["label"])}
