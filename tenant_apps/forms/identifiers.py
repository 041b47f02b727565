"""Numbers that identify a person: checked where the rule is certain, shown back by their last characters alone."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum import luhn
from stdnum.be import nn, ssn
from stdnum.exceptions import ValidationError as Invalid

from kernel.folding import fold

_LETTERS_AND_DIGITS = re.compile(r"^[A-Z]{4}\d{8}$")
_DIGITS = re.compile(r"^\d{9}$")
_SEPARATORS = re.compile(r"[\s.\-/\u202f\u00a0]")
_HIDDEN = "•"
_SHOWN = 3

Check = Callable[[str], str]


class NotOne(ValueError):
    """It is no number of its kind."""


def national_number_be(written: str) -> str:
    """NN or BIS (R-42, R-43); the check digits say in which century. Raises NotOne."""
    try:
        return ssn.validate(written)
    except Invalid:
        raise NotOne from None


def born_on(national_number: str) -> date | None:
    """What a Belgian number says of the birth; None where it was not known, or not wholly."""
    return nn.get_birth_date(national_number)


def is_born(national_number: str, born: date | None) -> bool:
    """Whether the number may be of somebody born then: it is where either says nothing."""
    told = born_on(national_number)
    return told is None or born is None or told == born


def code_permanent_qc(written: str) -> str:
    """The shape alone: the order of what is inside is not certain (R-45). Raises NotOne."""
    return _of_shape(_LETTERS_AND_DIGITS, written)


def health_insurance_qc(written: str) -> str:
    """The shape alone (R-46): `seems_another_s` may warn, and never refuses. Raises NotOne."""
    return _of_shape(_LETTERS_AND_DIGITS, written)


def seems_another_s(health_insurance: str, *, last_name: str, born: date | None) -> bool:
    """The card's letters and day against the name and the birth date of who it is said to be of (R-46)."""
    letters = re.sub(r"[^a-z]", "", fold(last_name))[:3].upper()
    year, month, day = (int(health_insurance[at : at + 2]) for at in (4, 6, 8))
    is_born = born is not None and (born.year % 100, born.month, born.day) != (year, month % 50, day)
    return is_born or (len(letters) == 3 and not health_insurance.startswith(letters))


def oen(written: str) -> str:
    """Ontario's education number: nine digits (R-48). Raises NotOne."""
    return _of_shape(_DIGITS, written)


def sin_ca(written: str) -> str:
    """Canada's social insurance number, with its check digit (R-15). Raises NotOne."""
    number = _of_shape(_DIGITS, written)
    if not luhn.is_valid(number):
        raise NotOne
    return number


# Each with an example that can be nobody's.
CHECKS: dict[str, tuple[Check, str]] = {
    "national_number_be": (national_number_be, "85.07.30-033.28"),
    "code_permanent_qc": (code_permanent_qc, "LAPJ12061999"),
    "health_insurance_qc": (health_insurance_qc, "LAPJ 1906 1299"),
    "oen": (oen, "123 456 789"),
    "sin_ca": (sin_ca, "046 454 286"),
}


class IdentifierField(forms.CharField):
    """Gives the number without separators. One that is known comes back masked; sent back so, it is kept."""

    def __init__(self, *, check: Check, example: str, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.check = check
        self.example = example
        self.known = ""

    def clean(self, value: Any) -> str:
        written = super().clean(value)
        if self.known and written == masked(self.known):
            return self.known
        if not written:
            return ""
        try:
            return self.check(written)
        except NotOne:
            raise forms.ValidationError(
                _("Vérifiez ce numéro\u202f: il s’écrit comme %(example)s."),
                code="invalid",
                params={"example": self.example},
            ) from None

    def prepare_value(self, value: Any) -> Any:
        return masked(self.known) if self.known and value == self.known else value


def masked(number: str) -> str:
    return _HIDDEN * max(len(number) - _SHOWN, 0) + number[-_SHOWN:]


def _of_shape(shape: re.Pattern[str], written: str) -> str:
    number = _SEPARATORS.sub("", written).upper()
    if not shape.match(number) or not number.isascii():
        raise NotOne
    return number
