"""The age, in whole years or months, on the day that the rule names."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.catalog.reasons import Age, Code, Reason, age_words, day_words
from tenant_apps.catalog.rules import days
from tenant_apps.catalog.rules.kind import Case, Kind, Rule, RuleForm

_UNITS = [("year", gettext_lazy("ans")), ("month", gettext_lazy("mois"))]


class AgeForm(days.DayFields, RuleForm):
    min = forms.IntegerField(label=gettext_lazy("Âge minimum"), required=False, min_value=0, max_value=1200)
    max = forms.IntegerField(
        label=gettext_lazy("Âge maximum"),
        required=False,
        min_value=0,
        max_value=1200,
        help_text=gettext_lazy("Compris\u202f: «\u202f5 ans\u202f» vaut jusqu’à la veille des 6 ans."),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unité"), choices=_UNITS, initial="year", required=False)

    field_order = ("min", "max", "unit", "on", "day")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        low, high = said.get("min"), said.get("max")
        if low is None and high is None and not self.errors:
            self.add_error("min", _("Indiquez un âge minimum ou maximum."))
        if low is not None and high is not None and low > high:
            self.add_error("max", _("L’âge maximum est plus petit que l’âge minimum."))
        return said


class AgeKind(Kind):
    """{"min": number, "max": number, "unit": "year" | "month", "on": …, "day": day}; `max` is included."""

    key = "age"
    title = gettext_lazy("Âge")
    form = AgeForm

    def explain(self, rule: Rule) -> str:
        return f"{_range(rule)} {_when(rule)}"

    def is_of_option(self, rule: Rule) -> bool:
        return days.is_of_option(rule)

    def judge(self, rule: Rule, case: Case, known: None) -> Reason | None:
        born, name = case.participant.birth_date, case.participant.shown_name
        if born is None:
            return Reason(Code.BIRTH_DATE_UNKNOWN, {"first_name": name})
        on = days.day_of(rule, case)
        age = years(born, on) if _unit(rule) == "year" else months(born, on)
        low, high = rule.get("min", age), rule.get("max", age)
        if age < low:
            return Reason(Code.TOO_YOUNG, {"first_name": name, "age": Age(low, _unit(rule)), "on": on})
        if age > high:
            return Reason(Code.TOO_OLD, {"first_name": name, "age": Age(high, _unit(rule)), "on": on})
        return None


def years(born: date, on: date) -> int:
    """Whole years. Who was born on 29 February reaches an age on 1 March of a common year.

    The year is not complete before that day begins; so have it the laws of Québec and Belgium, which count from one
    day to the eve of the same day. Before birth it is negative.
    """
    return months(born, on) // 12


def months(born: date, on: date) -> int:
    """Whole months, by the same count: from 31 January, the first one is complete on 1 March."""
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)


def _unit(rule: Rule) -> str:
    return str(rule.get("unit", "year"))


def _range(rule: Rule) -> str:
    low, high = rule.get("min"), rule.get("max")
    said = {"minimum": age_words(Age(low or 0, _unit(rule))), "maximum": age_words(Age(high or 0, _unit(rule)))}
    if high is None:
        return _("À partir de %(minimum)s.") % said
    if low is None:
        return _("Jusqu’à %(maximum)s compris.") % said
    return _("De %(minimum)s à %(maximum)s.") % said


def _when(rule: Rule) -> str:
    said = rule.get("on", days.START)
    if said == days.NAMED:
        return _("L’âge compte le %(day)s.") % {"day": day_words(date.fromisoformat(rule["day"]))}
    if said == days.YEARLY:
        day = day_words(date.fromisoformat(rule["day"]), without_year=True)
        return _("L’âge compte le %(day)s de l’année scolaire ou de la saison.") % {"day": day}
    if said == days.TODAY:
        return _("L’âge compte le jour de l’inscription.")
    return _("L’âge compte le premier jour.")
