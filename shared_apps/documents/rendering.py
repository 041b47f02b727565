"""Draws documents: tagged PDF (PDF/UA-1), in the reader's language, with our own fonts."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import structlog
import typst
from django.conf import settings

log = structlog.get_logger(__name__)

_FONTS = Path(__file__).parent / "fonts"
_LETTER_COUNTRIES = frozenset({"CA", "US"})
_LINE_END = "\n"
# Stands for a letter that none of our fonts can draw.
_UNKNOWN = "□"
# Latin, Greek, Cyrillic, Hebrew, punctuation and signs; of these, what our fonts and those of typst draw for certain.
_ALPHABETS = (range(0x20, 0x7F), range(0xA0, 0x530), range(0x590, 0x600), range(0x1E00, 0x2600))
_CERTAIN = (range(0x20, 0x7F), range(0xA0, 0x180), range(0x2010, 0x2027), range(0x20AC, 0x20AD), range(0x25A1, 0x25A2))


def paper(territory: str) -> str:
    """The size of a sheet there, as typst calls it."""
    return "us-letter" if territory in _LETTER_COUNTRIES else "a4"


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """`templates/documents/<template>.typ` filled with `data`, which reaches it as text and never as markup.

    A name in letters that our fonts lack still has its document, where each of these letters is a □.
    """
    words = _told(data, lambda text: text.replace("\u202f", "\u00a0"))  # the font has no narrow no-break space
    for known in (_ALPHABETS, _CERTAIN):
        try:
            return _drawn(template, words)
        except typst.TypstError as error:
            log.warning("documents.letters_unknown", template=template, reason=error)
            words = _told(words, partial(_within, known=known))
    return _drawn(template, words)


def _drawn(template: str, data: Any) -> bytes:
    source = settings.ROOT / "templates" / "documents" / f"{template}.typ"
    rendered: bytes = typst.compile(
        str(source),
        root=str(source.parent),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
    )
    return rendered


def _within(text: str, *, known: tuple[range, ...]) -> str:
    return "".join(
        letter if letter == _LINE_END or any(ord(letter) in part for part in known) else _UNKNOWN for letter in text
    )


def _told(data: Any, change: Callable[[str], str]) -> Any:
    """Every text in it, however deep."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {key: _told(value, change) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_told(each, change) for each in data]
    return data
