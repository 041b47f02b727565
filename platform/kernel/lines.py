"""A line of text as people see it: what breaks it or cannot be seen is left out."""

import re
import unicodedata

# The spaces of French typography are not among them: they stay what they are.
_BREAKS = re.compile(r"[ \t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
# Makes one picture of several.
_JOINER = "\u200d"
_UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Zs", "Mn")
# Letters and signs by their category, yet blank.
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"


def one_line(text: str) -> str:
    """Empty where nothing of it would be seen."""
    kept = "".join(each for each in _BREAKS.sub(" ", text) if each == _JOINER or not _is_control(each))
    return _BREAKS.sub(" ", kept).strip() if any(map(_is_seen, kept)) else ""


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf")


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN and character not in _BLANK
