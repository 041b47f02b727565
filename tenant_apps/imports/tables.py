"""Reads a CSV file row by row, whatever its size: its characters, its separator, and bounds for all of it."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import IO

from tenant_apps.imports.errors import BadFile

MOST_ROWS = 200_000
LONGEST_LINE = 100_000
_PIECE = 1 << 16
_SEPARATORS = ",;\t"
# A quoted cell may run over several lines; a quote that is never closed runs over all of them.
_MOST_LINES_OF_A_ROW = 50
_UTF8_LETTER = re.compile(rb"\xc3[\x80-\xbf]|\xe2\x80[\x80-\xbf]")
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")

Row = tuple[int, list[str]]


def encoding_of(file: IO[bytes], *, name: str) -> tuple[str, int]:
    """UTF-8 or Windows-1252, and how many lines there are. Raises BadFile."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    is_utf8, lines, letters, foreign = True, 0, 0, False
    file.seek(0)
    while piece := file.read(_PIECE):
        if b"\0" in piece:
            raise BadFile("binary", file=name)
        lines += piece.count(b"\n")
        letters += len(_UTF8_LETTER.findall(piece))
        foreign = foreign or _NOT_IN_CP1252.search(piece) is not None
        is_utf8 = is_utf8 and _decodes(decoder, piece)
    file.seek(0)
    if is_utf8 and _decodes(decoder, b"", final=True):
        return "utf-8-sig", lines
    if letters:
        raise BadFile("mixed_encoding", file=name)
    if foreign:
        raise BadFile("encoding", file=name)
    return "cp1252", lines


def separator_of(first_line: str, recognised: Callable[[list[str]], int]) -> str:
    """The one by which the header names most of the columns that are known."""
    return max(_SEPARATORS, key=lambda mark: recognised(next(csv.reader([first_line], delimiter=mark), [])))


def first_line(file: IO[bytes], encoding: str) -> str:
    text = _lines_of(file, encoding)
    try:
        return text.readline(LONGEST_LINE)
    finally:
        text.detach()
        file.seek(0)


def rows(file: IO[bytes], *, name: str, encoding: str = "utf-8-sig", separator: str = ",") -> Iterator[Row]:
    """Each row that is not empty, with its number as a spreadsheet counts. Raises BadFile."""
    feed = _Feed(_lines_of(file, encoding), name)
    reader = csv.reader(feed, delimiter=separator)
    try:
        for number, cells in enumerate(reader, 1):
            feed.taken = 0
            if any(cells):
                yield number, cells
    except csv.Error:
        raise BadFile("quotes", file=name, near=feed.number) from None
    except UnicodeDecodeError:
        raise BadFile("encoding", file=name) from None


class _Feed:
    """Lines for the reader, never too long, nor too many for one row."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text, self._name = text, name
        self.taken = self.number = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_LINE):
            self.taken += 1
            self.number += 1
            if self.taken > _MOST_LINES_OF_A_ROW or (len(line) == LONGEST_LINE and not line.endswith("\n")):
                raise BadFile("quotes", file=self._name, near=self.number)
            yield line


def _lines_of(file: IO[bytes], encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding=encoding, newline="")


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True
