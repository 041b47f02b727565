"""Days written one below the other, and the days of the week."""

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.office.editor.forms.moments import DayField

WEEKDAYS = [
    ("0", gettext_lazy("lundi")),
    ("1", gettext_lazy("mardi")),
    ("2", gettext_lazy("mercredi")),
    ("3", gettext_lazy("jeudi")),
    ("4", gettext_lazy("vendredi")),
    ("5", gettext_lazy("samedi")),
    ("6", gettext_lazy("dimanche")),
]
_MOST_DAYS = 366
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\D+(\d{4}-\d{2}-\d{2}))?")


class DaysField(forms.CharField):
    """One day or one period on each line: « 2026-12-21 », « 2026-12-21 au 2027-01-04 ». Its value is a set of days."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"widget": forms.Textarea(attrs={"rows": 3}), "required": False, **options})

    def clean(self, value: Any) -> set[date]:
        text = super().clean(value)
        return {day for line in text.splitlines() if line.strip() for day in _days(line.strip())}


class WeekdaysField(forms.TypedMultipleChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"choices": WEEKDAYS, "coerce": int, "widget": forms.CheckboxSelectMultiple, **options})


class PeriodForm(forms.Form):
    """A first and a last day, not more than a year apart."""

    first = DayField(label=gettext_lazy("Du"))
    last = DayField(label=gettext_lazy("Au"))

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("first") and said.get("last"):
            length = (said["last"] - said["first"]).days
            if length < 0:
                self.add_error("last", _("La fin vient avant le début."))
            elif length > _MOST_DAYS:
                self.add_error("last", _("Un an au plus à la fois."))
        return said


def _days(line: str) -> list[date]:
    match = _LINE.fullmatch(line)
    try:
        first, last = (date.fromisoformat(text) for text in (match[1], match[2] or match[1])) if match else (None, None)
    except ValueError:
        first = last = None
    if first is None or last is None or not 0 <= (last - first).days <= _MOST_DAYS:
        told = _(
            "«\u202f%(line)s\u202f» n’est ni un jour, comme 2026-12-24, ni une période, comme 2026-12-21 au 2027-01-04."
        )
        raise forms.ValidationError(told % {"line": line[:40]}, code="unreadable")
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
