"""Text as it is searched, here and in the database: without accents, capitals or ligatures."""

import re
import unicodedata

from django.db.models import Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Replace

# Letters that no decomposition takes apart.
_APART = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ß": "ss", "’": "'"}
# With the character that PostgreSQL refuses.
_TABLE = str.maketrans({**_APART, "\0": " "})
_MARKS = "[\u0300-\u036f]"


def fold(text: str) -> str:
    """« Forêt » and « FORET » are both `foret`."""
    return re.sub(_MARKS, "", unicodedata.normalize("NFKD", text.casefold().translate(_TABLE)))


def folded(text: Combinable) -> Func:
    """What `fold` does, done by the database to an expression."""
    lowered: Func = Lower(text)
    for letter, plain in _APART.items():
        lowered = Replace(lowered, Value(letter), Value(plain))
    decomposed = Func(lowered, template="normalize(%(expressions)s, NFKD)", output_field=TextField())
    return Func(decomposed, Value(_MARKS), Value(""), Value("g"), function="regexp_replace", output_field=TextField())


def words(text: str) -> list[str]:
    """The folded words of a search, at most eight."""
    return fold(text).split()[:8]
