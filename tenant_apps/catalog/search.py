"""What keywords are looked for in, and what they find: other endings, other accents and slips of the keyboard too."""

import re
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, F, Func, TextField, Value

from kernel.folding import fold

# Words of all three are in one text, and their endings differ: « macaronis », « activities », « zwemlessen ».
_LANGUAGES = ("french", "english", "dutch")
_SHORTEST = 4
_LIKENESS = 0.74


def text(offering: Any, options: Iterable[Any]) -> str:
    """All that a family may look an offering up by, in every language, folded."""
    said = [offering.title, offering.summary, *offering.tags]
    for told in offering.translations.values():
        said += [told.get(column, "") for column in ("title", "summary", "presentation")]
    for option in options:
        said += [option.code, option.name, option.description]
        said += [name for told in option.translations.values() for name in told.values()]
    return fold("\n".join(each for each in dict.fromkeys([*said, offering.presentation]) if each))


def stems() -> Func:
    """The stems of the text, as an index holds them. Both sides are folded: « activité » and « activites » agree."""
    vector = " || ".join(f"to_tsvector('{language}', %(expressions)s)" for language in _LANGUAGES)
    return Func(F("search_text"), template=f"({vector})", output_field=SearchVectorField())


def matches(word: str) -> Func:
    """Whether the text has a word of the same stem as this one, which is folded."""
    asked = [
        Func(Value(word), template=f"plainto_tsquery('{language}', %(expressions)s)", output_field=TextField())
        for language in _LANGUAGES
    ]
    query = Func(*asked, template="(%(expressions)s)", arg_joiner=" || ", output_field=TextField())
    return Func(stems(), query, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())


def corrected(words: Sequence[str], texts: Iterable[str]) -> list[str]:
    """The words, those that no text holds replaced by the likest that one does."""
    vocabulary = {word for each in texts for word in re.findall(r"\w+", each)}
    return [_nearest(word, vocabulary) for word in words]


def _nearest(word: str, vocabulary: Collection[str]) -> str:
    if len(word) < _SHORTEST or any(word in known for known in vocabulary):
        return word
    likely = [known for known in vocabulary if abs(len(known) - len(word)) <= 2]
    return next(iter(get_close_matches(word, likely, n=1, cutoff=_LIKENESS)), word)
