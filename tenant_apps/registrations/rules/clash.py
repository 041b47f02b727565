"""Nobody is in two places at once: the days and hours of what is asked against those of what was taken."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.words import Words, with_translations
from tenant_apps.catalog.models import Nature, Offering, Option, Selection
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.catalog.rules.kind import Case, Circle, Kind, Rule, everybody
from tenant_apps.registrations.rules import taken, taken_by_each
from tenant_apps.registrations.rules.taken import Facts

# What lasts longer without saying when it meets does not take every one of its days.
LONGEST = timedelta(days=14)
_TAKES_TIME = {Nature.OUTING, Nature.ACTIVITY, Nature.COURSE, Nature.CAMP}


class Time(NamedTuple):
    """Local wall time; a whole day is from midnight, to no hour at all."""

    day: date
    start: time = time.min
    end: time | None = None


class NoClash(Kind):
    """{}"""

    key = "no_clash"
    title = gettext_lazy("Pas deux activités en même temps")
    counts = True

    def is_of_option(self, rule: Rule) -> bool:
        return True

    def explain(self, rule: Rule) -> str:
        return _("On ne peut pas avoir une autre activité en même temps.")

    def gather(self, rules: Iterable[Rule], circle: Circle) -> Facts:
        return Facts(list(taken.of_participants(circle)), circle.replacing)

    def gather_each(self, rules: Sequence[Rule], circles: Sequence[Circle]) -> list[Facts]:
        rows = taken.of_participants(everybody(circles))
        own = taken_by_each.of_own(rows, circles)
        return [Facts(found, circle.replacing) for found, circle in zip(own, circles, strict=True)]

    def judge(self, rule: Rule, case: Case, known: Facts) -> Reason | None:
        if case.option is None:
            return None
        asked = list(times_of(case.option, case.offering))
        for other in known.others_of(case) if asked else ():
            if met := first_in_common(asked, times_of(other.option, other.option.offering)):
                first_name = case.participant.shown_name
                return Reason(Code.CLASH, {"first_name": first_name, **_named(other.option), "on": met.day})
        return None


def times_of(option: Option, offering: Offering) -> Iterator[Time]:
    """Its meetings, else its days, else those of an offering that takes place once. What is eaten takes no time."""
    if offering.nature not in _TAKES_TIME or offering.selection == Selection.QUANTITIES:
        return
    if option.meetings:
        yield from map(_meeting, option.meetings)
        return
    dated = option if option.starts_on else offering
    first, last = dated.starts_on, dated.ends_on or dated.starts_on
    if first and last and last - first < LONGEST:
        yield from (Time(first + timedelta(days=number)) for number in range((last - first).days + 1))


def first_in_common(asked: Iterable[Time], others: Iterable[Time]) -> Time | None:
    """One that ends when the other begins does not meet it."""
    by_day: dict[date, list[Time]] = {}
    for each in others:
        by_day.setdefault(each.day, []).append(each)
    for one in sorted(asked, key=lambda one: (one.day, one.start)):
        if any(_meet(one, other) for other in by_day.get(one.day, ())):
            return one
    return None


def _meet(one: Time, other: Time) -> bool:
    return (other.end is None or one.start < other.end) and (one.end is None or other.start < one.end)


def _meeting(told: dict[str, str]) -> Time:
    end = told.get("to")
    return Time(
        date.fromisoformat(told["on"]),
        time.fromisoformat(told["from"]) if told.get("from") else time.min,
        time.fromisoformat(end) if end else None,
    )


def _named(option: Option) -> dict[str, Words]:
    offering = option.offering
    return {
        "other": with_translations(offering.title, offering.translations, "title"),
        "option": with_translations(option.name, option.translations, "name"),
    }
