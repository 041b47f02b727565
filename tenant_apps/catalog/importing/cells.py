"""What a cell of the table says: each function gives a value, or raises Wrong with the reason in words."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _

from kernel.folding import fold
from kernel.money import NotAnAmount, cents_of
from tenant_apps.catalog import tags
from tenant_apps.catalog.models import Nature, Selection

# What a spreadsheet runs; an apostrophe before it says that it is text, as spreadsheets and our own tables write it.
FORMULAS = ("=", "+", "-", "@")
# In a cell, which is one line, it stands for a new line.
NEW_LINE = "¶"
UNLIMITED = ("illimite", "illimitees", "unlimited", "onbeperkt")
_YES = {"oui", "o", "yes", "y", "ja", "j", "vrai", "true", "1", "x"}
_NO = {"non", "n", "no", "nee", "faux", "false", "0"}
_MOST = 2_147_483_647
_MOST_OF_ONE = 1000
# As the editor has it: pages cannot count past the end of the calendar.
_YEARS = range(2000, 2100)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_HOUR = re.compile(r"(?:[ T]+(?:à |at |om )?(\d{1,2}) ?[:h] ?(\d{2})?(?::\d{2})?)?")


class Wrong(Exception):
    """`args[0]` says what is wrong, for the reader."""


def line(longest: int) -> Callable[[str], str]:
    return lambda value: _bounded(_one_line(value), longest)


def text(longest: int) -> Callable[[str], str]:
    """Several lines, by themselves or by NEW_LINE; the spaces in them are those of a list in a list."""
    return lambda value: _bounded(re.sub(rf"\r?\n|{NEW_LINE}", "\n", _printable(value)).strip(), longest)


def address(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9_-]{1,80}", value):
        raise Wrong(_("Une adresse n’a que des lettres sans accent, des chiffres et des traits d’union."))
    return value


def names(value: str) -> list[str]:
    """Separated by semicolons."""
    found = [_one_line(each) for each in value.split(";")]
    return list(dict.fromkeys(each for each in found if each))


def keywords(value: str) -> list[str]:
    found = names(value)
    try:
        tags.check(found)
    except tags.BadTags as refusal:
        raise Wrong(str(refusal)) from None
    return found


def day(value: str) -> date:
    year, month, number = _day_of(value) or (0, 0, 0)
    try:
        found = date(year, month, number)
    except ValueError:
        raise Wrong(_("«\u202f%s\u202f» n’est pas une date. Écrivez AAAA-MM-JJ ou JJ/MM/AAAA.") % value[:40]) from None
    if found.year not in _YEARS:
        raise Wrong(_("Choisissez une date entre 2000 et 2099."))
    return found


def moment(value: str) -> datetime:
    """On the wall of the organisation, whose zone is said later; midnight where no hour is given."""
    found = re.match(rf"(?:{_ISO.pattern}|{_DAY_FIRST.pattern})", value)
    rest = _HOUR.fullmatch(value[found.end() :]) if found else None
    if found is None or rest is None or int(rest[1] or 0) > 23 or int(rest[2] or 0) > 59:
        raise Wrong(_("«\u202f%s\u202f» n’est pas un moment. Écrivez AAAA-MM-JJ HH:MM.") % value[:40])
    on = day(found[0])
    return datetime(on.year, on.month, on.day, int(rest[1] or 0), int(rest[2] or 0))  # noqa: DTZ001


def amount(value: str) -> int:
    """In cents; « 12,50 », « 12.50 $ » and « 1 200 » are read."""
    try:
        return cents_of(value)
    except NotAnAmount:
        raise Wrong(_("«\u202f%s\u202f» n’est pas un montant. Écrivez 12,50.") % value[:40]) from None


def whole(value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > len(str(_MOST)) or int(value) > _MOST:
        raise Wrong(_("«\u202f%s\u202f» n’est pas un nombre entier.") % value[:40])
    return int(value)


def quantity(value: str) -> int:
    """As the editor has it."""
    if not 1 <= (said := whole(value)) <= _MOST_OF_ONE:
        raise Wrong(_("Écrivez un nombre de 1 à %(most)s.") % {"most": _MOST_OF_ONE})
    return said


def capacity(value: str) -> int | None:
    return None if fold(value) in UNLIMITED else whole(value)


def yes_no(value: str) -> bool:
    if (said := fold(value)) not in _YES | _NO:
        raise Wrong(_("«\u202f%s\u202f»\u202f: écrivez oui ou non.") % value[:40])
    return said in _YES


def nature(value: str) -> str:
    return _choice(Nature, value)


def selection(value: str) -> str:
    return _choice(Selection, value)


def safe(value: str) -> str:
    """The cell to read: an apostrophe before a formula is taken off, and a formula without one is refused."""
    value = unicodedata.normalize("NFC", value).strip()
    if value.startswith("'") and _runs(value[1:]):
        return value[1:]
    if _runs(value):
        raise Wrong(
            _("Cette valeur commence par «\u202f%s\u202f»\u202f: un tableur la prendrait pour une formule.") % value[0]
        )
    return value


def _runs(value: str) -> bool:
    """« ＝ » is « = », behind a mark without width too."""
    shown = (each for each in value if unicodedata.category(each) != "Cf" and not each.isspace())
    return unicodedata.normalize("NFKC", next(shown, "")) in FORMULAS


def _choice(choices: type[TextChoices], value: str) -> str:
    known = _labels(choices)
    if (key := known.get(fold(value))) is None:
        told = ", ".join(str(label) for label in choices.labels)
        raise Wrong(_("«\u202f%(value)s\u202f»\u202f: écrivez un de %(known)s.") % {"value": value[:40], "known": told})
    return key


@cache
def _labels(choices: type[TextChoices]) -> Mapping[str, str]:
    """Each value by itself and by its name in every language of the platform."""
    known: dict[str, str] = {fold(value): value for value in choices.values}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            known |= {fold(str(label)): value for value, label in choices.choices}
    return known


def _day_of(value: str) -> tuple[int, int, int] | None:
    if found := _ISO.fullmatch(value):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(value):
        return int(found[3]), int(found[2]), int(found[1])
    return None


def _printable(value: str) -> str:
    if any(unicodedata.category(each) == "Cc" and not each.isspace() for each in value):
        raise Wrong(_("Cette valeur contient un caractère invisible qui n’est pas permis."))
    return value


def _one_line(value: str) -> str:
    """The spaces of French typography stay what they are."""
    return re.sub(r"[ \t\r\n]+", " ", _printable(value)).strip()


def _bounded(value: str, longest: int) -> Any:
    if len(value) > longest:
        raise Wrong(_("Cette valeur dépasse %(value)s caractères.") % {"value": longest})
    return value
