"""The field of an amount: typed and shown as people write it, « 12,50 », known in cents."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import localize_input
from django.utils.translation import gettext_lazy as _

from kernel.money import MOST_CENTS, NotAnAmount, cents_of


class CentsField(forms.Field):
    """Each kind of fault may have words of its own, by `error_messages`; what has none is unreadable."""

    default_error_messages = {
        "unreadable": _("Écrivez un montant, comme 12,50."),
        "least": _("Ce montant est trop petit."),
        "most": _("Ce montant est trop grand."),
    }

    def __init__(self, *, least: int = 0, most: int = MOST_CENTS, **options: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "width-short"}
        super().__init__(**{"widget": forms.TextInput(attrs=attrs), **options})
        self.least, self.most = least, most

    def prepare_value(self, value: Any) -> Any:
        # Kept cents are whole; what was typed comes back as it was typed.
        if not isinstance(value, int):
            return value
        return str(localize_input(Decimal(value).scaleb(-2).quantize(Decimal("0.01"))))

    def to_python(self, value: Any) -> int | None:
        typed = str(value if value is not None else "")
        if not typed.strip():
            return None
        try:
            return cents_of(typed, least=self.least, most=self.most)
        except NotAnAmount as refused:
            told = self.error_messages.get(refused.fault, self.error_messages["unreadable"])
            raise forms.ValidationError(told, code=refused.fault) from None
