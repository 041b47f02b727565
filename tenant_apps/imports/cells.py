"""Reads single cells: cleaned, bounded, and blamed on their line when they are wrong."""

import re
import unicodedata
from datetime import date
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum.be import bis, nn

from tenant_apps.imports.lines import Line

LONGEST = {
    "last_name": 100,
    "first_name": 100,
    "used_name": 100,
    "student_number": 40,
    "external_id": 100,
    "establishment": 200,
    "level": 80,
    "home_group": 100,
    "teacher": 200,
    "email": 254,
    "phone": 40,
    "reference": 40,
    "national_number": 40,
    "birth_date": 10,
    "role": 40,
}
_FIRST_BIRTH = date(1900, 1, 1)
_DATES = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"),
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})"),
)
# What a spreadsheet runs. Telephones begin with a plus.
_FORMULAS = ("=", "+", "-", "@")


def text(line: Line, value: str, *, name: str, column: str) -> str:
    """The cell in one line, composed as PostgreSQL compares it; empty where it is refused."""
    value = " ".join(value.split())
    if not value:
        return ""
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
    if not value.isprintable():
        line.blame(column, "control")
        return ""
    if value.startswith(_FORMULAS) and not (name == "phone" and value[0] == "+"):
        line.blame(column, "formula", first=value[0])
        return ""
    if len(value) > LONGEST[name]:
        line.blame(column, "too_long", most=LONGEST[name])
        return ""
    return value


def day(line: Line, value: str, *, column: str, today: date) -> date | None:
    found = _date(value)
    if found is None:
        line.blame(column, "bad_date", value=value[:40])
    elif not _FIRST_BIRTH <= found <= today:
        line.blame(column, "date_out_of_range", value=value)
        return None
    return found


def email(line: Line, value: str, *, column: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        line.blame(column, "bad_email", value=value)
        return ""
    return value.lower()


def national_number(line: Line, value: str, *, column: str, territory: str) -> str:
    """Digits only. Its check digits are certain in Belgium, and unknown to us elsewhere."""
    if territory != "BE":
        return re.sub(r"[\W_]", "", value).upper()
    compact: str = nn.compact(value)
    if not (nn.is_valid(compact) or bis.is_valid(compact)):
        line.blame(column, "bad_national_number")
        return ""
    return compact


@cache
def _date(value: str) -> date | None:
    for pattern in _DATES:
        if match := pattern.fullmatch(value):
            try:
                return date(**{part: int(number) for part, number in match.groupdict().items()})
            except ValueError:
                return None
    return None
