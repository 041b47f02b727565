"""The times that a course meets, in the reader's words."""

from datetime import date, time

from babel import Locale
from babel.dates import format_date
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from shared_apps.design import formats
from tenant_apps.catalog.models import Option


def in_words(option: Option, *, country: str = "") -> str:
    """« 10 séances, le mardi de 18 h à 19 h 30 », or how many where they differ; empty without any."""
    count = len(option.meetings)
    if not count:
        return ""
    locale = formats.locale_for(get_language() or "fr", country)
    usual = {(_day(each["on"]).weekday(), each.get("from", ""), each.get("to", "")) for each in option.meetings}
    said = {"count": count}
    if len(usual) > 1:
        return ngettext("%(count)s séance", "%(count)s séances", count) % said
    weekday = format_date(_day(option.meetings[0]["on"]), "EEEE", locale=locale)
    values = {**said, "weekday": weekday, "hours": _hours(option.meetings[0], locale)}
    if values["hours"]:
        return _weekly_at_an_hour(count) % values
    return ngettext("%(count)s séance, le %(weekday)s", "%(count)s séances, le %(weekday)s", count) % values


def each_in_words(option: Option, *, country: str = "") -> list[str]:
    locale = formats.locale_for(get_language() or "fr", country)
    return [_one(meeting, locale) for meeting in option.meetings]


def _weekly_at_an_hour(count: int) -> str:
    return ngettext("%(count)s séance, le %(weekday)s %(hours)s", "%(count)s séances, le %(weekday)s %(hours)s", count)


def _one(meeting: dict[str, str], locale: Locale) -> str:
    day = formats.capitalised(formats.date_words(_day(meeting["on"]), locale))
    hours = _hours(meeting, locale)
    return _("%(day)s, %(hours)s") % {"day": day, "hours": hours} if hours else day


def _hours(meeting: dict[str, str], locale: Locale) -> str:
    if not meeting.get("from"):
        return ""
    start = formats.hour_words(time.fromisoformat(meeting["from"]), locale)
    if not meeting.get("to"):
        return _("à %(start)s") % {"start": start}
    end = formats.hour_words(time.fromisoformat(meeting["to"]), locale)
    return _("de %(start)s à %(end)s") % {"start": start, "end": end}


def _day(written: str) -> date:
    return date.fromisoformat(written)
