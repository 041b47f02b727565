"""What a subsidy that was granted takes off, up to a most for each."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import in_language
from shared_apps.design.amounts import CentsField
from tenant_apps.catalog.pricing import wording
from tenant_apps.catalog.pricing.forms import ChangeForm
from tenant_apps.catalog.pricing.kind import PriceKind, PriceRule, Situation, change
from tenant_apps.catalog.pricing.quote import Step
from tenant_apps.catalog.pricing.wording import amount, choices, how_much, label_of, name_of
from tenant_apps.organisation.prices import Prices


class SubsidyForm(ChangeForm):
    field_order = ["subsidy", "percent", "cents", "maximum_cents"]

    subsidy = forms.ChoiceField(label=gettext_lazy("Aide financière"))
    maximum_cents = CentsField(label=gettext_lazy("Au plus, pour un seul exemplaire"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subsidy"].choices = choices(wording.tables().subsidies)  # type: ignore[attr-defined]


class SubsidyKind(PriceKind):
    key = "subsidy"
    title = gettext_lazy("Aide financière")
    form: ClassVar[type[ChangeForm]] = SubsidyForm

    def explain(self, rule: PriceRule, tables: Prices | None = None) -> str:
        subsidies = (tables or wording.tables()).subsidies
        said = {"subsidy": name_of(rule["subsidy"], subsidies), "change": how_much(rule)}
        if "maximum_cents" not in rule:
            return _("Avec «\u202f%(subsidy)s\u202f»\u202f: %(change)s.") % said
        most = {"most": amount(rule["maximum_cents"])}
        return _("Avec «\u202f%(subsidy)s\u202f»\u202f: %(change)s, au plus %(most)s.") % {**said, **most}

    def apply(self, rule: PriceRule, situation: Situation) -> Step | None:
        if rule["subsidy"] not in situation.circumstances.subsidies:
            return None
        cents = change(rule, situation)
        if "maximum_cents" in rule:
            cents = max(cents, -rule["maximum_cents"] * situation.quantity)
        return Step(self.key, cents, {"label": label_of(rule["subsidy"], situation.tables.subsidies)})

    def label(self, values: Mapping[str, Any]) -> str:
        return _("Aide financière\u202f: %(subsidy)s") % {"subsidy": in_language(values["label"])}
