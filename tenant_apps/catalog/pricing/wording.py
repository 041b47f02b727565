"""The parts that the words of a price are made of: amounts, percentages, days and names, for the reader."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.words import Words, in_language
from shared_apps.design import formats
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.prices import Named, Prices
from tenant_apps.organisation.rules import read
from tenants.context import current


def amount(cents: int) -> str:
    return formats.money(cents, current().currency.upper(), _locale())


def percent(value: str | Decimal) -> str:
    """« 9,975 % »."""
    return _("%(number)s\u00a0%%") % {"number": format_decimal(Decimal(str(value)), locale=_locale())}


def how_much(changed: Mapping[str, Any]) -> str:
    """« −10 % », « + 20,00 $ »: what a rule or a step adds, or takes off."""
    if "percent" in changed:
        value = Decimal(str(changed["percent"]))
        size = percent(abs(value))
    else:
        value = Decimal(changed.get("cents", 0))
        size = amount(int(abs(value)))
    return f"\N{MINUS SIGN}\u202f{size}" if value < 0 else f"+\u202f{size}"


def day_words(day: str) -> str:
    return formats.date_words(date.fromisoformat(day), _locale(), length="long")


def name_of(key: str, known: Iterable[Named]) -> str:
    """In the reader's language; the key of what the organisation has no more."""
    return next((in_language(each.label) for each in known if each.key == key), key)


def label_of(key: str, known: Iterable[Named]) -> Words:
    """In every language, as a step keeps it."""
    return next((plain(each.label) for each in known if each.key == key), key)


def plain(words: Words) -> Words:
    """What JSON can say."""
    return words if isinstance(words, str) else dict(words)


def choices(known: Iterable[Named]) -> list[tuple[str, str]]:
    return [(each.key, in_language(each.label)) for each in known]


def tables() -> Prices:
    """The organisation's own, in one query."""
    return read(organisation.profile().rules).prices


def _locale() -> Locale:
    return formats.locale_for(get_language() or "fr", current().country)
