"""The day that a rule counts on: that of what is taken, one of the school year, one that is named, or today."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel import clock
from tenant_apps.catalog.rules.kind import Case, Rule

START, YEARLY, NAMED, TODAY = "start", "year", "day", "today"
CHOICES = [
    (START, _("Le premier jour de ce qui est choisi")),
    (YEARLY, _("Un jour de l’année scolaire ou de la saison")),
    (NAMED, _("Un jour précis")),
    (TODAY, _("Le jour de l’inscription")),
]
# A school year begins with July, as the law of Québec has it, where the offering names no season.
_FIRST_MONTH = 7


class DayFields(forms.Form):
    """`on` and, where it needs one, `day`."""

    on = forms.ChoiceField(label=_("Jour qui compte"), choices=CHOICES, initial=START, required=False)
    day = forms.DateField(
        label=_("Jour"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Pour un jour de l’année, l’année écrite ici ne compte pas."),
    )

    def clean_day(self) -> date | None:
        day: date | None = self.cleaned_data.get("day")
        if day is None and self.cleaned_data.get("on") in (YEARLY, NAMED):
            raise forms.ValidationError(_("Indiquez le jour."))
        return day


def day_of(rule: Rule, case: Case) -> date:
    """What has no date of its own begins today."""
    said, start = rule.get("on", START), _start(case)
    if said == NAMED:
        return date.fromisoformat(rule["day"])
    if said == YEARLY:
        return _in_the_year(date.fromisoformat(rule["day"]), _first_day(case, start))
    return clock.local_date(case.at, case.zone) if said == TODAY else start


def is_of_option(rule: Rule) -> bool:
    """Each option may begin on a day of its own."""
    said: str = rule.get("on", START)
    return said == START


def _start(case: Case) -> date:
    own = case.option.starts_on if case.option else None
    return own or case.offering.starts_on or clock.local_date(case.at, case.zone)


def _first_day(case: Case, start: date) -> date:
    if case.offering.season:
        return case.offering.season.starts_on
    return date(start.year if start.month >= _FIRST_MONTH else start.year - 1, _FIRST_MONTH, 1)


def _in_the_year(day: date, first: date) -> date:
    """The first such day of a year that begins with `first`."""
    this_year = _anniversary(day, first.year)
    return this_year if this_year >= first else _anniversary(day, first.year + 1)


def _anniversary(day: date, year: int) -> date:
    """29 February is 1 March in a common year."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)
