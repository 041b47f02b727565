"""Text as it is searched: without accents, capitals or ligatures."""

import re
import unicodedata

# Letters that no decomposition takes apart, and the character that PostgreSQL refuses.
_APART = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "’": "'", "\0": " "})
_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """« Forêt » and « FORET » are both `foret`."""
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold().translate(_APART)))


def words(text: str) -> list[str]:
    """The folded words of a search, at most eight."""
    return fold(text).split()[:8]
