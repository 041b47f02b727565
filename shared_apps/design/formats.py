"""Amounts, days and moments in words, as the reader's language and the organisation's country write them."""

from __future__ import annotations

import datetime
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, get_currency_precision

MINUS = "\u2212"
NO_BREAK = "\u00a0"
_CURRENCY_COUNTRY = {"CAD": "CA", "EUR": "BE"}
_DAY_AND_HOUR = {"fr": "{day} à {hour}", "nl": "{day} om {hour}", "en": "{day} at {hour}"}


def locale_for(language: str, country: str = "") -> Locale:
    """Return the locale of a language in a country, or of the language alone where nobody writes it there."""
    name, _, spoken_in = language.replace("_", "-").partition("-")
    for territory in (spoken_in, country):
        try:
            if territory:
                return Locale(name.lower(), territory=territory.upper())
        except UnknownLocaleError:
            continue
    return Locale(name.lower())


def country_of(currency: str) -> str:
    """Return where a currency is written when nothing else tells: `CA` for `CAD`."""
    return _CURRENCY_COUNTRY.get(currency, "")


def money(minor_units: int, currency: str, locale: Locale) -> str:
    """Return an amount of integer minor units: 550 CAD is `5,50 $` in French."""
    amount = Decimal(minor_units).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=locale).replace("-", MINUS)


def date_words(day: datetime.date, locale: Locale, *, length: str = "full") -> str:
    """Return a day in words; length is `full` (with the weekday), `long` or `medium`."""
    words = format_date(day, format=length, locale=locale)
    if locale.language == "fr" and day.day == 1:
        return words.replace("1 ", "1er ", 1)
    return words


def hour_words(hour: datetime.time | datetime.datetime, locale: Locale) -> str:
    """Return an hour: `18 h`, `18 h 30`, `6:00 pm`, `18:00`: without a full stop, which may end a sentence."""
    if locale.language != "fr":
        return format_time(hour, format="short", locale=locale).replace(".", "")
    whole = f"{hour.hour}{NO_BREAK}h"
    return f"{whole}{NO_BREAK}{hour.minute:02}" if hour.minute else whole


def datetime_words(moment: datetime.datetime, locale: Locale, *, length: str = "full") -> str:
    """Return a moment in words, at its own wall clock: `mardi 25 novembre 2025 à 18 h`."""
    pattern = _DAY_AND_HOUR.get(locale.language, _DAY_AND_HOUR["en"])
    return pattern.format(day=date_words(moment.date(), locale, length=length), hour=hour_words(moment, locale))


def capitalised(words: str) -> str:
    """Return the words with a capital first letter, the others untouched."""
    return words[:1].upper() + words[1:]
