"""Days and moments of activities: of this century, which spares every page from sums past the end of the calendar."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
_MESSAGE = _("Choisissez une date entre 2000 et 2099.")


class DayField(forms.DateField):
    widget = forms.DateInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators += [MinValueValidator(_FIRST, _MESSAGE), MaxValueValidator(_LAST, _MESSAGE)]


class MomentField(forms.DateTimeField):
    widget = forms.DateTimeInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        first, last = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (_FIRST, _LAST))
        self.validators += [MinValueValidator(first, _MESSAGE), MaxValueValidator(last, _MESSAGE)]
