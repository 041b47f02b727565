"""The simple table is read as people write it, and what is wrong with it is told where it is."""

import io
from collections.abc import Iterator
from datetime import date
from typing import IO, Any

import pytest

from tenant_apps.imports import simple, tables
from tenant_apps.imports.errors import BadFile, told
from tenant_apps.imports.lines import Adult, Line
from tenant_apps.imports.sources import Terms
from tests.imports.files import HEADINGS, MILO, SARAH, a_table

TERMS = Terms(territory="CA", asks_national_number=False, today=date(2026, 9, 16), name="eleves.csv")


def lines_of(content: bytes) -> list[Line]:
    return list(simple.read(io.BytesIO(content), TERMS))


def fault_of(content: bytes) -> str:
    with pytest.raises(BadFile) as bad:
        lines_of(content)
    assert told(bad.value.fault)
    return bad.value.fault.code


def codes(line: Line) -> list[tuple[str, str]]:
    return [(fault.column, fault.code) for fault in line.faults]


def test_a_row_is_a_child_and_their_adults() -> None:
    [sarah, _milo] = lines_of(a_table(SARAH, MILO))

    assert (sarah.row, sarah.faults) == (2, [])
    assert sarah.values == {
        "external_id": "s1",
        "last_name": "Lapointe",
        "first_name": "Sarah",
        "birth_date": date(2016, 3, 4),
        "establishment": ("École A",),
        "level": "2e",
    }
    assert sarah.adults == [Adult(last_name="Lapointe", first_name="Marie", email="marie@example.org")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separators_and_encodings_are_found_out(separator: str, encoding: str) -> None:
    [line] = lines_of(
        a_table(SARAH.replace(",", separator), headings=HEADINGS.replace(",", separator), encoding=encoding)
    )

    assert line.values["establishment"] == ("École A",)


def test_headings_may_be_english_and_in_any_order() -> None:
    headings = "Grade;First name;LAST NAME;Date of birth;Guardian 2 - email;Guardian 2 last name;Shoe size"
    source = simple.read(io.BytesIO(a_table("2;Sarah;Roy;04/03/2016;A@B.org;Roy;36", headings=headings)), TERMS)
    [line] = source

    assert line.values == {
        "level": "2",
        "first_name": "Sarah",
        "last_name": "Roy",
        "birth_date": date(2016, 3, 4),
    }
    assert line.adults == [Adult(last_name="Roy", first_name="", email="a@b.org")]
    assert source.ignored == ["Shoe size"]


def test_empty_lines_are_counted_and_left_out() -> None:
    assert [line.row for line in lines_of(a_table("", SARAH, "", MILO))] == [3, 5]


def test_a_cell_may_run_over_two_lines() -> None:
    [line, next_line] = lines_of(a_table('"La\npointe",Sarah,2016-03-04', "Roy,Milo,", headings="nom,prénom,naissance"))

    assert (line.values["last_name"], next_line.row) == ("La pointe", 3)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",Sarah,", [("nom", "empty")]),
        ("Roy,  ,", [("prénom", "empty")]),
        ("=1+1,Sarah,", [("nom", "formula")]),
        ("@SUM(A1),Sarah,", [("nom", "formula")]),
        ("Ro\x07y,Sarah,", [("nom", "control")]),
        ("Ro\u202ey,Sarah,", [("nom", "control")]),
        (f"{'x' * 101},Sarah,", [("nom", "too_long")]),
        ("Roy,Sarah,2016-02-30", [("naissance", "bad_date")]),
        ("Roy,Sarah,03.04.2016", [("naissance", "bad_date")]),
        ("Roy,Sarah,2026-09-17", [("naissance", "date_out_of_range")]),
        ("Roy,Sarah,1899-12-31", [("naissance", "date_out_of_range")]),
        ("Roy,Sarah,2016-03-04,more", [("", "too_many_cells")]),
        ("Roy,Sarah,2016-03-04,,", []),
        ("Roy,Sarah", []),
    ],
)
def test_what_is_wrong_with_a_row_is_told_at_its_column(row: str, expected: list[tuple[str, str]]) -> None:
    [line] = lines_of(a_table(row, headings="nom,prénom,naissance"))

    assert codes(line) == expected
    assert all(told(fault) for fault in line.faults)


def test_an_address_must_be_one() -> None:
    [line] = lines_of(a_table("Roy,Milo,Roy,lise@", headings="nom,prénom,parent 1 nom,parent 1 courriel"))

    assert codes(line) == [("parent 1 courriel", "bad_email")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "missing_column"),
        (b"nom,pr\xc3\xa9nom\n", "no_rows"),
        (b"nom\nRoy\n", "missing_column"),
        (b"nom,nom,prenom\nRoy,Roy,Milo\n", "repeated_column"),
        (a_table(SARAH, encoding="utf-16"), "binary"),
        (b"PK\x03\x04\x00\x00", "binary"),
        (b"nom,prenom\nRoy,Lo\xefc\nRoy,Zo\xc3\xab\n", "mixed_encoding"),
        (b"nom,prenom\nRoy,Lo\x81c\n", "encoding"),
        (b'nom,prenom\nRoy,"Milo\n' + b"x,y\n" * 100, "quotes"),
        (b"nom,prenom\nRoy," + b"x" * 200_000, "quotes"),
        (b'nom,prenom\nRoy,"' + (b"x" * 90_000 + b"\n") * 3 + b'"', "quotes"),
        (b"nom,prenom\n" + b"," * 200_000 + b"\n", "quotes"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_reason(content: bytes, code: str) -> None:
    assert fault_of(content) == code


def test_a_file_has_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)

    assert len(lines_of(a_table(SARAH, MILO))) == 2
    assert fault_of(a_table(SARAH, MILO, SARAH)) == "too_many_rows"


def test_a_large_file_is_never_wholly_in_memory() -> None:
    class Watched(io.BytesIO):
        longest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.longest = max(self.longest, len(self.getvalue()) if size is None or size < 0 else size)
            return super().read(size)

        def read1(self, size: int | None = -1, /) -> bytes:
            self.longest = max(self.longest, len(self.getvalue()) if size is None or size < 0 else size)
            return super().read1(size)

    file: Any = Watched(a_table(*[SARAH] * 10_000))

    count = sum(1 for _ in _read(file))

    assert (count, file.longest < 100_000) == (10_000, True)


def _read(file: IO[bytes]) -> Iterator[Line]:
    return iter(simple.read(file, TERMS))
