"""A surcharge or a discount by where the family lives (S4-21)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.pricing.forms import ChangeForm
from tenant_apps.catalog.pricing.kind import PriceKind, PriceRule, Situation, change, size
from tenant_apps.catalog.pricing.quote import Step
from tenant_apps.catalog.pricing.wording import how_much
from tenant_apps.families.models import PriceCategory
from tenant_apps.organisation.prices import Prices


class ResidenceForm(ChangeForm):
    field_order = ["residence", "percent", "cents"]

    residence = forms.ChoiceField(
        label=gettext_lazy("Pour qui est"),
        choices=[(each.value, each.label) for each in PriceCategory if each],
        widget=forms.RadioSelect,
    )


class ResidenceKind(PriceKind):
    """Of whom nothing says where they live, nothing is asked and nothing is taken off."""

    key = "residence"
    title = gettext_lazy("Selon le lieu de résidence")
    form: ClassVar[type[ChangeForm]] = ResidenceForm

    def explain(self, rule: PriceRule, tables: Prices | None = None) -> str:
        if rule["residence"] == PriceCategory.RESIDENT:
            return _("Pour les résidents\u202f: %(change)s.") % {"change": how_much(rule)}
        return _("Pour les non-résidents\u202f: %(change)s.") % {"change": how_much(rule)}

    def apply(self, rule: PriceRule, situation: Situation) -> Step | None:
        if situation.circumstances.residence != rule["residence"]:
            return None
        return Step(self.key, change(rule, situation), {"residence": rule["residence"], **size(rule)})

    def label(self, values: Mapping[str, Any]) -> str:
        said = {"change": how_much(values)}
        if values["residence"] == PriceCategory.RESIDENT:
            return _("Tarif pour les résidents (%(change)s)") % said
        return _("Tarif pour les non-résidents (%(change)s)") % said
