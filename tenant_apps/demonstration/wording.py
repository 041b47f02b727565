"""Texts of the demonstration, with the dates they speak of filled in."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from babel import Locale

from shared_apps.design import formats

_FRENCH = Locale("fr")
_ONLY_A_DAY = "{starts_on}"

# By the name of the column.
Days = Mapping[str, date | None]


def placeholders(days: Days, language: str = "fr") -> dict[str, str]:
    """`{starts_on}`, `{ends_on}`, `{deadline}` in words; `{month}` of the start and `{week}` are for French alone.

    Each also in `_capitals`.
    """
    starts_on, ends_on, deadline_on = (days.get(name) for name in ("starts_on", "ends_on", "deadline_on"))
    locale = Locale(language)
    words = {
        "starts_on": _long(starts_on, locale),
        "weekday": formats.date_words(starts_on, locale) if starts_on else "",
        "ends_on": _long(ends_on, locale),
        "deadline": _long(deadline_on, locale),
        "month": _long(starts_on, locale).partition(" ")[2],
        "week": _span(starts_on, ends_on),
    }
    return words | {f"{name}_capitals": text.upper() for name, text in words.items()}


def translated(
    told: Mapping[str, Any], parts: Iterable[str], days: Days, languages: Iterable[str]
) -> dict[str, dict[str, str]]:
    """By language, what the data say in it; a name that is only a day is said in all of them."""
    found: dict[str, dict[str, str]] = {}
    for language in languages:
        words = placeholders(days, language)
        own = told.get("translations", {}).get(language, {})
        texts = {part: own.get(part, _ONLY_A_DAY if told.get(part) == _ONLY_A_DAY else "") for part in parts}
        if said := {part: text.format_map(words) for part, text in texts.items() if text}:
            found[language] = said
    return found


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return _long(first)
    if first.month == last.month:
        return f"du {_day(first)} au {_long(last)}"
    return f"du {_long(first).rpartition(' ')[0]} au {_long(last)}"


def _day(day: date) -> str:
    return _long(day).partition(" ")[0]


def _long(day: date | None, locale: Locale = _FRENCH) -> str:
    return formats.date_words(day, locale, length="long") if day else ""
