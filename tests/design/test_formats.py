"""Amounts and dates, letter by letter, as each community writes them."""

from __future__ import annotations

import datetime

import pytest
from babel import Locale

from shared_apps.design import formats

DAY = datetime.date(2022, 8, 24)
EVENING = datetime.datetime(2025, 11, 25, 18, 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("language", "country", "currency", "written"),
    [
        ("fr", "CA", "CAD", "5,50\u00a0$"),
        ("en", "CA", "CAD", "$5.50"),
        ("fr", "BE", "EUR", "5,50\u00a0€"),
        ("nl", "BE", "EUR", "€\u00a05,50"),
        ("fr-ca", "", "CAD", "5,50\u00a0$"),
    ],
)
def test_an_amount(language: str, country: str, currency: str, written: str) -> None:
    assert formats.money(550, currency, formats.locale_for(language, country)) == written


def test_large_and_negative_amounts_in_canadian_french() -> None:
    locale = formats.locale_for("fr", "CA")
    assert formats.money(123456750, "CAD", locale) == "1\u00a0234\u00a0567,50\u00a0$"
    assert formats.money(-550, "CAD", locale) == "−5,50\u00a0$"
    assert formats.money(0, "CAD", locale) == "0,00\u00a0$"


def test_a_currency_without_minor_units_is_not_divided() -> None:
    assert formats.money(550, "JPY", formats.locale_for("en", "CA")) == "JP¥550"


@pytest.mark.parametrize(
    ("language", "country", "written"),
    [
        ("fr", "CA", "mercredi 24 août 2022"),
        ("fr", "BE", "mercredi 24 août 2022"),
        ("en", "CA", "Wednesday, August 24, 2022"),
        ("nl", "BE", "woensdag 24 augustus 2022"),
    ],
)
def test_a_day_in_words(language: str, country: str, written: str) -> None:
    assert formats.date_words(DAY, formats.locale_for(language, country)) == written


def test_the_first_of_the_month_is_an_ordinal_in_french_only() -> None:
    first = datetime.date(2021, 9, 1)
    assert formats.date_words(first, Locale("fr", "CA")) == "mercredi 1er septembre 2021"
    assert formats.date_words(first, Locale("fr", "CA"), length="long") == "1er septembre 2021"
    assert formats.date_words(first, Locale("nl", "BE"), length="long") == "1 september 2021"


@pytest.mark.parametrize(
    ("language", "country", "written"),
    [
        ("fr", "CA", "mardi 25 novembre 2025 à 18\u00a0h"),
        ("fr", "BE", "mardi 25 novembre 2025 à 18\u00a0h"),
        ("en", "CA", "Tuesday, November 25, 2025 at 6:00\u202fpm"),
        ("nl", "BE", "dinsdag 25 november 2025 om 18:00"),
    ],
)
def test_a_moment_in_words(language: str, country: str, written: str) -> None:
    assert formats.datetime_words(EVENING, formats.locale_for(language, country)) == written


def test_minutes_are_said_when_there_are_some() -> None:
    assert formats.hour_words(datetime.time(9, 5), Locale("fr", "CA")) == "9\u00a0h\u00a005"


def test_a_language_nobody_writes_in_that_country_keeps_its_own_ways() -> None:
    assert str(formats.locale_for("nl", "CA")) == "nl"


def test_only_the_first_letter_becomes_a_capital() -> None:
    assert formats.capitalised("élève DUBOIS") == "Élève DUBOIS"
    assert formats.capitalised("") == ""
