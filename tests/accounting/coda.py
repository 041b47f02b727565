"""Writes a CODA file as a bank would, for tests: the positions are those of the public standard."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

IBAN = "BE68539007547034"


@dataclass(frozen=True)
class Sent:
    """`structured`: the twelve digits, where the transfer has a structured communication."""

    cents: int
    words: str = ""
    structured: str = ""
    name: str = "DUPONT ANNE"
    on: date = date(2026, 7, 3)
    kind: str = "0"
    parts: Sequence["Sent"] = ()


def a_file(*sent: Sent, iban: str = IBAN, number: int = 42, before_cents: int = 100_000, currency: str = "EUR") -> str:
    lines = [_header(), _old_balance(iban, number, before_cents, currency)]
    for sequence, each in enumerate(sent, 1):
        lines += _movement(each, sequence, 0)
        for detail, part in enumerate(each.parts, 1):
            lines += _movement(part, sequence, detail)
    after = before_cents + sum(each.cents for each in sent)
    lines += [_new_balance(iban, number, after, currency), _trailer(len(lines), sent)]
    assert {len(line) for line in lines} == {128}
    return "\r\n".join(lines) + "\r\n"


def _header() -> str:
    return _line("0000003072653905", {25: "0000042", 35: "COMMUNE DE SPRIMONT", 61: "GKCCBEBB", 128: "2"})


def _old_balance(iban: str, number: int, cents: int, currency: str) -> str:
    told = {40: currency, 43: _sign(cents), 44: _amount(cents), 59: "020726", 65: "COMMUNE DE SPRIMONT", 126: "042"}
    return _line(f"12{number:03}{iban}", told)


def _movement(sent: Sent, sequence: int, detail: int) -> list[str]:
    """Two more records where there is a name, or words that are long."""
    numbered = f"{sequence:04}{detail:04}"
    day = f"{sent.on:%d%m%y}"
    words = f"101{sent.structured}" if sent.structured else sent.words
    first = {
        11: f"REF{sequence:06}{detail:02}",
        32: _sign(sent.cents),
        33: _amount(sent.cents),
        48: day,
        54: f"{sent.kind}0150000",
        62: "1" if sent.structured else "0",
        63: words[:53],
        116: day,
        122: "042",
        125: "0",
        126: "1",
        128: "0",
    }
    rest = "" if sent.structured else sent.words[53:]
    return [
        _line(f"21{numbered}", first),
        _line(f"22{numbered}", {11: rest[:53], 99: "GEBABEBB", 126: "1", 128: "0"}),
        _line(f"23{numbered}", {11: "BE71096123456769", 48: sent.name[:35], 83: rest[53:96], 126: "0", 128: "0"}),
    ]


def _new_balance(iban: str, number: int, cents: int, currency: str) -> str:
    told = {37: currency, 42: _sign(cents), 43: _amount(cents), 58: "030726", 128: "0"}
    return _line(f"8{number:03}{iban}", told)


def _trailer(records: int, sent: Sequence[Sent]) -> str:
    debit = sum(-each.cents for each in sent if each.cents < 0)
    credit = sum(each.cents for each in sent if each.cents > 0)
    return _line("9", {17: f"{records:06}", 23: _amount(debit), 38: _amount(credit), 128: "2"})


def _line(start: str, told: dict[int, str]) -> str:
    cells = list(start.ljust(128))
    for position, text in told.items():
        cells[position - 1 : position - 1 + len(text)] = text
    return "".join(cells)


def _sign(cents: int) -> str:
    return "1" if cents < 0 else "0"


def _amount(cents: int) -> str:
    return f"{abs(cents):014}0"
