"""Texts of the demonstration, with the dates they speak of filled in."""

from datetime import date

from babel import Locale

from shared_apps.design import formats

_FRENCH = Locale("fr")


def placeholders(
    *, starts_on: date | None, ends_on: date | None = None, deadline_on: date | None = None
) -> dict[str, str]:
    """`{starts_on}`, `{ends_on}`, `{deadline}` in words, `{month}` of the start and `{week}`; also in `_capitals`."""
    words = {
        "starts_on": _long(starts_on),
        "weekday": formats.date_words(starts_on, _FRENCH) if starts_on else "",
        "ends_on": _long(ends_on),
        "deadline": _long(deadline_on),
        "month": _long(starts_on).partition(" ")[2],
        "week": _span(starts_on, ends_on),
    }
    return words | {f"{name}_capitals": text.upper() for name, text in words.items()}


def _span(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return _long(first)
    if first.month == last.month:
        return f"du {_day(first)} au {_long(last)}"
    return f"du {_long(first).rpartition(' ')[0]} au {_long(last)}"


def _day(day: date) -> str:
    return _long(day).partition(" ")[0]


def _long(day: date | None) -> str:
    return formats.date_words(day, _FRENCH, length="long") if day else ""
