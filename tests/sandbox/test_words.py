"""The words of the pages: the same ones in both languages, and French as it is printed."""

import re
import string

import pytest

from deploy.sandbox.pages.texts import ENGLISH, FRENCH
from deploy.sandbox.pages.wording import Wording


def places(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_say_the_same_things() -> None:
    assert FRENCH.keys() == ENGLISH.keys()
    assert [name for name in FRENCH if places(FRENCH[name]) != places(ENGLISH[name])] == []


def test_french_has_its_spaces_and_apostrophes() -> None:
    wrong = [text for text in FRENCH.values() if re.search(r"[^\u202f][;:!?»]|«[^\u202f]|['\"]", text)]

    assert wrong == []


@pytest.mark.parametrize(
    ("language", "currency", "written"),
    [
        ("fr", "cad", "1\u00a0234,50\u00a0$"),
        ("en", "cad", "$1,234.50"),
        ("fr", "eur", "1\u202f234,50\u00a0€"),
        ("en", "eur", "€1,234.50"),
    ],
)
def test_amounts_are_written_as_each_language_does(language: str, currency: str, written: str) -> None:
    assert Wording(language, currency).money(123_450) == written
