"""The structured communication of a Belgian transfer: ten digits and two that check them (R-49)."""

import re

from stdnum.be import ogm_vcs
from stdnum.exceptions import ValidationError

# As it is printed, and as it is typed: in groups of three, four and five, whatever stands between them.
_GROUPED = re.compile(r"(?<!\d)(\d{3})[\s/.\-]{0,3}(\d{4})[\s/.\-]{0,3}(\d{5})(?!\d)")
# Else twelve digits that nothing but such marks separates.
_SCATTERED = re.compile(r"(?<!\d)\d(?:[\s/.\-+*]{0,2}\d){11}(?![\s/.\-]{0,2}\d)")
_DIGITS = 10


def formatted(digits: str) -> str:
    """« +++090/9337/55493+++ » of ten digits; the check is what remains over 97, or 97 where nothing does."""
    whole = f"{digits}{int(digits) % 97 or 97:02}"
    return f"+++{whole[:3]}/{whole[3:7]}/{whole[7:]}+++"


def found_in(text: str) -> list[str]:
    """The ten digits of each communication that the words of a transfer hold and whose check is right, once each."""
    grouped = ["".join(match.groups()) for match in _GROUPED.finditer(text)]
    scattered = [re.sub(r"\D", "", match.group()) for match in _SCATTERED.finditer(text)]
    read = [_checked(whole) for whole in (*grouped, *scattered)]
    return list(dict.fromkeys(digits for digits in read if digits))


def _checked(whole: str) -> str:
    try:
        return ogm_vcs.validate(whole)[:_DIGITS]
    except ValidationError:
        return ""
