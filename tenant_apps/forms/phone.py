"""A telephone number: written as people write it, kept as the whole world dials it."""

from typing import Any

import phonenumbers
from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberFormat, PhoneNumberFormat

# Canada's numbers with hyphens alone, as its schools write them (S1-21), where the library adds parentheses.
_HYPHENS = [NumberFormat(pattern=r"(\d{3})(\d{3})(\d{4})", format=r"\1-\2-\3")]
_EXAMPLES = {"CA": "819-555-0123", "BE": "0470 12 34 56"}


class PhoneField(forms.CharField):
    """Gives `+18195550123`; shows a kept number as the territory writes it."""

    def __init__(self, *, territory: str, **kwargs: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}), **kwargs)
        self.territory = territory

    def clean(self, value: Any) -> str:
        written = super().clean(value)
        if not written:
            return ""
        number = _parsed(written, self.territory)
        # « possible », not « valid »: new ranges open before the tables know them.
        if number is None or not phonenumbers.is_possible_number(number):
            example = _EXAMPLES.get(self.territory, "+1 819 555 0123")
            raise forms.ValidationError(
                _("Écrivez un numéro complet, comme %(example)s."), code="invalid", params={"example": example}
            )
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)

    def prepare_value(self, value: Any) -> Any:
        return shown(value, self.territory) if isinstance(value, str) else value


def shown(number: str, territory: str) -> str:
    """A kept number for a reader of the territory; anything else comes back as it is."""
    parsed = _parsed(number, territory) if number.startswith("+") else None
    if parsed is None:
        return number
    if phonenumbers.region_code_for_number(parsed) != territory:
        return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    if territory == "CA":
        return phonenumbers.format_by_pattern(parsed, PhoneNumberFormat.NATIONAL, _HYPHENS)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)


def _parsed(written: str, territory: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(written, territory)
    except phonenumbers.NumberParseException:
        return None
