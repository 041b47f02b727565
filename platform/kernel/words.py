"""Texts that an organisation writes in several languages: French first, the others beside it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

# A text, or the same text by language.
Words = str | Mapping[str, str]


def in_language(words: Words, language: str = "") -> str:
    """The text in that language, or in the reader's; else in French, else in whatever language there is."""
    if isinstance(words, str):
        return words
    language = (language or get_language() or "fr").split("-")[0]
    return words.get(language) or words.get("fr") or next(iter(words.values()), "")


def with_translations(french: str, translations: Mapping[str, Mapping[str, str]], part: str) -> Words:
    """One text by language, of those that are translated together: {"en": {"title", "reason"}}."""
    return {"fr": french, **{code: told[part] for code, told in translations.items() if told.get(part)}}


class Translated:
    """A model whose columns are in French, and whose `translations` say the same by language: {"en": {"title"}}."""

    translations: Any

    def shown(self, column: str, language: str = "") -> str:
        """In the reader's language where none is named; in French where it was not translated."""
        return in_language(with_translations(getattr(self, column), self.translations, column), language)

    def language_of(self, column: str, language: str = "") -> str:
        """The language that `shown` answers in, for the `lang` of the page's element."""
        language = (language or get_language() or "fr").split("-")[0]
        return language if self.translations.get(language, {}).get(column) else "fr"
