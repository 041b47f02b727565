"""Makes several options or meetings at once: the weeks of a camp, dated meals, the meetings of a course."""

import re
from datetime import date, time
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from shared_apps.design import formats
from shared_apps.design.amounts import CentsField
from tenant_apps.catalog import schedule
from tenant_apps.office.editor.forms.days import DaysField, PeriodForm, WeekdaysField
from tenant_apps.office.editor.forms.moments import DayField

_MOST_MEETINGS = 120
_MOST_AT_ONCE = 200
_AGES = re.compile(r"(\d{1,2})\s*(?:à|-|–)\s*(\d{1,2})\s+ans")


class _PricedForm(PeriodForm):
    price_cents = CentsField(label=gettext_lazy("Prix de chacun"), required=False)
    capacity = forms.IntegerField(
        label=gettext_lazy("Places de chacun"),
        required=False,
        min_value=0,
        max_value=1_000_000,
        help_text=gettext_lazy("Laissez vide pour un nombre illimité."),
    )


class WeeksForm(_PricedForm):
    """« Semaine 1 », « Semaine 2 »…, each from Monday to Friday; once for each group where groups are named."""

    groups = forms.CharField(
        label=gettext_lazy("Groupes de chaque semaine"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Un par ligne. Les âges deviennent une condition, comme dans «\u202fPetits explorateurs, 3 à 5 ans\u202f»."
        ),
    )
    number = forms.IntegerField(
        label=gettext_lazy("Numéro de la première semaine"), min_value=1, max_value=53, initial=1
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors:
            made = len(self._weeks()) * len(self._groups())
            if not made:
                self.add_error("last", _("Il n’y a aucun jour de semaine entre ces deux dates."))
            elif made > _MOST_AT_ONCE:
                self.add_error("last", _("Deux cents choix au plus à la fois."))
        return said

    def options(self, languages: Any) -> list[dict[str, Any]]:
        found = []
        for number, (starts_on, ends_on) in enumerate(self._weeks(), start=self.cleaned_data["number"]):
            for group in self._groups():
                french = _week_words(number, group, "fr")
                others = {code: _week_words(number, group, code) for code in languages if code != "fr"}
                found.append(
                    {
                        "name": french[:120],
                        "starts_on": starts_on,
                        "ends_on": ends_on,
                        "price_cents": self.cleaned_data["price_cents"] or 0,
                        # A group is named in French alone: half a translation would be none.
                        "translations": {} if group else _translated(french, others),
                        "requirements": _ages(group),
                    }
                )
        return found

    def _weeks(self) -> list[tuple[date, date]]:
        return list(schedule.weeks(self.cleaned_data["first"], self.cleaned_data["last"]))

    def _groups(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["groups"].splitlines() if line.strip()] or [""]


def _ages(group: str) -> list[dict[str, Any]]:
    """« Petits explorateurs, 3 à 5 ans » takes nobody else: a name alone would keep no one out."""
    said = _AGES.search(group)
    low, high = sorted(map(int, said.groups())) if said else (0, 0)
    return [{"kind": "age", "min": low, "max": high, "unit": "year", "on": "start"}] if said else []


class DatesForm(_PricedForm):
    """One option for each date: the Wednesdays of the macaroni."""

    weekdays = WeekdaysField(label=gettext_lazy("Chaque"))
    but = DaysField(
        label=gettext_lazy("Sauf"),
        help_text=gettext_lazy("Un jour ou une période par ligne, comme 2026-12-21 au 2027-01-04."),
    )
    field_order = ("weekdays", "first", "last", "but", "price_cents", "capacity")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and not 0 < len(self._days()) <= _MOST_AT_ONCE:
            self.add_error("last", _("Il faut au moins une date, et deux cents au plus."))
        return said

    def options(self, languages: Any, country: str) -> list[dict[str, Any]]:
        return [
            {
                "name": _day_words(day, "fr", country),
                "starts_on": day,
                "price_cents": self.cleaned_data["price_cents"] or 0,
                "translations": {code: {"name": _day_words(day, code, country)} for code in languages if code != "fr"},
            }
            for day in self._days()
        ]

    def _days(self) -> list[date]:
        said = self.cleaned_data
        return list(schedule.days(said["weekdays"], said["first"], said["last"], but=said["but"]))


class MeetingForm(forms.Form):
    on = DayField(label=gettext_lazy("Jour"))
    begins = forms.TimeField(label=gettext_lazy("De"), widget=forms.TimeInput)
    ends = forms.TimeField(label=gettext_lazy("À"), widget=forms.TimeInput)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("begins") and said.get("ends") and said["ends"] <= said["begins"]:
            self.add_error("ends", _("La fin vient avant le début."))
        return said


class Meetings(forms.BaseFormSet):  # type: ignore[type-arg]
    def meetings(self) -> list[dict[str, str]]:
        """As `Option.meetings` keeps them, in the order of time. What was ticked to go, or left empty, is not there."""
        said = [form.cleaned_data for form in self.forms if form.cleaned_data.get("on")]
        return in_order([_meeting(each["on"], each["begins"], each["ends"]) for each in said if not each.get("DELETE")])


_FormSet = forms.formset_factory(
    MeetingForm, formset=Meetings, extra=2, can_delete=True, max_num=_MOST_MEETINGS, absolute_max=_MOST_MEETINGS
)


def meetings_form(data: Any, known: list[dict[str, str]]) -> Meetings:
    return cast(Meetings, _FormSet(data, initial=rows(known), prefix="rencontres"))


class RepeatForm(PeriodForm):
    """« Tous les mardis de 18 h à 19 h 30 du … au … », but the holidays."""

    weekdays = WeekdaysField(label=gettext_lazy("Tous les"))
    begins = forms.TimeField(label=gettext_lazy("De"), widget=forms.TimeInput)
    ends = forms.TimeField(label=gettext_lazy("À"), widget=forms.TimeInput)
    but = DaysField(
        label=gettext_lazy("Sauf"),
        help_text=gettext_lazy("Un jour ou une période par ligne, comme 2026-12-21 au 2027-01-04."),
    )
    field_order = ("weekdays", "begins", "ends", "first", "last", "but")

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("begins") and said.get("ends") and said["ends"] <= said["begins"]:
            self.add_error("ends", _("La fin vient avant le début."))
        if not self.errors and not 0 < len(self.meetings()) <= _MOST_MEETINGS:
            self.add_error("last", _("Il faut au moins une rencontre, et 120 au plus."))
        return said

    def meetings(self) -> list[dict[str, str]]:
        said = self.cleaned_data
        days = schedule.days(said["weekdays"], said["first"], said["last"], but=said["but"])
        return [_meeting(day, said["begins"], said["ends"]) for day in days]


def in_order(meetings: list[dict[str, str]]) -> list[dict[str, str]]:
    """Each once, whatever the order they were written in."""
    once = {(each["on"], each["from"], each["to"]): each for each in meetings}
    return [once[key] for key in sorted(once)]


def rows(meetings: list[dict[str, str]]) -> list[dict[str, Any]]:
    """As the form set shows them."""
    return [{"on": date.fromisoformat(m["on"]), "begins": m["from"], "ends": m["to"]} for m in meetings]


def _meeting(on: date, begins: time, ends: time) -> dict[str, str]:
    return {"on": on.isoformat(), "from": f"{begins:%H:%M}", "to": f"{ends:%H:%M}"}


def _week_words(number: int, group: str, language: str) -> str:
    with override(language):
        week = _("Semaine %(number)s") % {"number": number}
    return f"{week} – {group}" if group else week


def _translated(french: str, others: dict[str, str]) -> dict[str, dict[str, str]]:
    return {code: {"name": name} for code, name in others.items() if name != french}


def _day_words(day: date, language: str, country: str) -> str:
    return formats.capitalised(formats.date_words(day, formats.locale_for(language, country)))
