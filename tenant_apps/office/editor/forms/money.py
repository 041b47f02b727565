"""An amount as people type it, « 12,50 », kept in cents."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import localize_input
from django.utils.translation import gettext_lazy as _

# As much as a column of the database holds, far beyond what anything costs.
_MOST_CENTS = 100_000_000


class MoneyField(forms.CharField):
    """Both the comma and the point are understood, and a currency sign is forgiven. Its value is in cents."""

    default_error_messages = {"unreadable": _("Écrivez un montant, comme 12,50.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{"widget": forms.TextInput(attrs={"inputmode": "decimal", "class": "width-short"}), **options}
        )

    def prepare_value(self, value: Any) -> Any:
        return (
            str(localize_input(Decimal(value).scaleb(-2).quantize(Decimal("0.01"))))
            if isinstance(value, int)
            else value
        )

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        bare = "".join(each for each in text if not each.isspace()).strip("$€").replace(",", ".")
        try:
            cents = Decimal(bare) * 100
        except ArithmeticError:
            cents = Decimal("NaN")
        if not (cents.is_finite() and 0 <= cents <= _MOST_CENTS and cents == cents.to_integral_value()):
            raise forms.ValidationError(self.error_messages["unreadable"], code="unreadable")
        return int(cents)
