"""Reads a CODA file, the coded statement of account of Belgian banks: lines of 128 characters, each of one kind.

Kept of it: who sent how much, when and with which words. Its own sums are checked, so that no line goes missing.
Positions are written as the standard writes them, from 1 and inclusive.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import groupby

from tenant_apps.accounting.bank.movements import (
    EmptyStatement,
    IncompleteStatement,
    Movement,
    UnreadableStatement,
)

_WIDTH = 128
_DEBIT = "1"
# The communication begins by its own kind: 101 and 102 are the twelve digits of a structured one.
_STRUCTURED = ("101", "102")
# An amount that the bank made up of others, and those it is made of; any other movement is one by itself.
_TOTALS, _PARTS = "12", "56"


@dataclass(slots=True)
class _Line:
    """One movement as it is gathered from its records 2.1, 2.2 and 2.3."""

    number: int
    sequence: str
    detail: str
    bank_reference: str
    cents: int
    kind: str
    booked_on: date
    words: str
    is_structured: bool
    counterparty: str = ""


@dataclass(slots=True)
class _Statement:
    account: str
    currency: str
    number: str
    before_on: date
    before_cents: int
    lines: list[_Line] = field(default_factory=list)


def looks_like(text: str) -> bool:
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    return first.startswith("0") and first[14:16] == "05" and len(first.rstrip("\r\n")) <= _WIDTH


def read(text: str) -> list[Movement]:
    """Raises UnreadableStatement, IncompleteStatement or EmptyStatement."""
    statements = list(_statements(text))
    movements = [movement for statement in statements for movement in _movements(statement)]
    if not movements:
        raise EmptyStatement
    return movements


def _statements(text: str) -> Iterator[_Statement]:
    statement: _Statement | None = None
    for number, raw in enumerate(text.lstrip("\ufeff").replace("\r\n", "\n").split("\n"), 1):
        record = raw.ljust(_WIDTH)
        if not raw.strip():
            continue
        try:
            if record[0] == "1":
                if statement is not None:
                    raise IncompleteStatement
                statement = _begun(record)
            elif record[0] == "2" and statement is not None:
                _gather(statement, record, number)
            elif record[0] == "8" and statement is not None:
                _check_balance(statement, record)
                yield statement
                statement = None
            elif record[0] not in "0349" or len(raw) > _WIDTH:
                raise ValueError(record[0])
        except ValueError as error:
            raise UnreadableStatement(line=number) from error
    if statement is not None:
        raise IncompleteStatement


def _begun(record: str) -> _Statement:
    account = _at(record, 6, 39).split()[0] if _at(record, 6, 39).strip() else ""
    # A Belgian number of before IBAN has its currency elsewhere.
    currency = _at(record, 19, 21) if record[1] == "0" else _at(record, 40, 42)
    return _Statement(
        account=account,
        currency=currency.strip().lower(),
        number=_at(record, 3, 5).strip(),
        before_on=_day(_at(record, 59, 64)),
        before_cents=_signed(record[42], _at(record, 44, 58)),
    )


def _gather(statement: _Statement, record: str, number: int) -> None:
    kind = record[1]
    if kind == "1":
        structured = record[61] == "1"
        is_digits = structured and _at(record, 63, 65) in _STRUCTURED
        statement.lines.append(
            _Line(
                number=number,
                sequence=_at(record, 3, 6),
                detail=_at(record, 7, 10),
                bank_reference=_at(record, 11, 31).strip(),
                cents=_signed(record[31], _at(record, 33, 47)),
                kind=record[53],
                booked_on=_day(_at(record, 116, 121)),
                words=_in_groups(_at(record, 66, 77)) if is_digits else _at(record, 66 if structured else 63, 115),
                is_structured=is_digits,
            )
        )
        return
    if kind not in "23" or not statement.lines:
        raise ValueError(kind)
    line = statement.lines[-1]
    if (line.sequence, line.detail) != (_at(record, 3, 6), _at(record, 7, 10)):
        raise ValueError(kind)
    if not line.is_structured:
        line.words += _at(record, 11, 63) if kind == "2" else _at(record, 83, 125)
    if kind == "3":
        line.counterparty = _at(record, 48, 82).strip()


def _in_groups(digits: str) -> str:
    """As people know it."""
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"


def _movements(statement: _Statement) -> Iterator[Movement]:
    for _sequence, group in groupby(statement.lines, key=lambda line: line.sequence):
        for line in _told_apart(list(group)):
            yield Movement(
                account=statement.account,
                currency=statement.currency,
                reference=_reference(statement, line),
                booked_on=line.booked_on,
                cents=line.cents,
                communication=" ".join(line.words.split()),
                counterparty=line.counterparty,
            )


def _told_apart(lines: list[_Line]) -> list[_Line]:
    """A total is worth less than the transfers it is made of, where the file has all of them."""
    main, parts = lines[0], [line for line in lines[1:] if line.kind in _PARTS]
    is_whole = main.kind in _TOTALS and parts and sum(part.cents for part in parts) == main.cents
    return parts if is_whole else [main]


def _reference(statement: _Statement, line: _Line) -> str:
    """The same in whichever copy of the statement it is read."""
    return (
        f"{statement.before_on:%Y}-{statement.number}-{line.booked_on:%m%d}-{line.sequence}-{line.detail}"
        f"-{line.bank_reference}"
    ).rstrip("-")


def _check_balance(statement: _Statement, record: str) -> None:
    counted = [next(group) for _key, group in groupby(statement.lines, key=lambda line: line.sequence)]
    after = statement.before_cents + sum(line.cents for line in counted)
    if after != _signed(record[41], _at(record, 43, 57)):
        raise IncompleteStatement


def _signed(sign: str, digits: str) -> int:
    """Cents of an amount in thousandths. Raises ValueError for what is no amount of cents."""
    if not (digits.isascii() and digits.isdigit()) or sign not in "01" or not digits.endswith("0"):
        raise ValueError(digits)
    cents = int(digits) // 10
    return -cents if sign == _DEBIT else cents


def _day(digits: str) -> date:
    return datetime.strptime(digits, "%d%m%y").replace(tzinfo=UTC).date()


def _at(record: str, first: int, last: int) -> str:
    return record[first - 1 : last]
