"""The small forms of price rules: percentages and amounts as staff type them, kept as what JSON can say."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.money import MOST_CENTS
from shared_apps.design.amounts import CentsField
from tenant_apps.catalog.rules.kind import RuleForm


class PriceForm(RuleForm):
    def rule(self, key: str) -> dict[str, Any]:
        """Decimals as text, since JSON has only floats for them."""
        said = super().rule(key)
        return {name: str(value) if isinstance(value, Decimal) else value for name, value in said.items()}


def percent_field(*, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        label=gettext_lazy("Variation en pour cent"),
        help_text=gettext_lazy("Précédée d’un moins pour un rabais\u202f: −10 enlève 10\u00a0%."),
        required=required,
        min_value=Decimal(-100),
        max_value=Decimal(1000),
        max_digits=7,
        decimal_places=3,
        localize=True,
    )


class ChangeForm(PriceForm):
    """By how much: in per cent, or an amount for each."""

    percent = percent_field()
    cents = CentsField(
        label=gettext_lazy("Ou montant ajouté"),
        help_text=gettext_lazy("Pour chaque unité. Écrivez un moins devant le montant pour un rabais."),
        required=False,
        least=-MOST_CENTS,
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and (said.get("percent") is None) == (said.get("cents") is None):
            self.add_error("percent", _("Donnez un pourcentage ou un montant, l’un des deux."))
        return said
