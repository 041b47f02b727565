"""Statements that a bank gives as a table, by the columns that the organisation says."""

import contextlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.accounting.bank import tables
from tenant_apps.accounting.bank.tables import BadCell, BadTable

DATA = Path(__file__).parent / "data"


def read(text, **columns):
    table = tables.read(text)
    return tables.movements(table, columns or tables.guess(table.head), currency="eur")


def test_a_sample_of_a_bank_is_read_with_its_lines_of_before_the_header():
    table = tables.read((DATA / "statement-2026-042.csv").read_bytes().decode("cp1252"))
    columns = tables.guess(table.head)

    assert {name: table.head[place] for name, place in columns.items()} == {
        "booked_on": "Date de comptabilisation",
        "amount": "Montant",
        "communication": "Communications",
        "counterparty": "Nom contrepartie",
    }
    found = tables.movements(table, columns, currency="eur")
    assert [(each.booked_on, each.cents, each.communication, each.counterparty) for each in found] == [
        (date(2026, 7, 3), 123450, "+++090/9337/55493+++", "DUPONT ANNE"),
        (date(2026, 7, 4), 4500, "camp de Léa", "LÉONARD-MAES J."),
        (date(2026, 7, 6), -3000, "Facture 2026-118", "BOULANGERIE DU COIN"),
    ]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("12,50", 1250),
        ("+12,5", 1250),
        ("-3,00 EUR", -300),
        ("1.234,56", 123456),
        ("1\u202f234,56 €", 123456),
        ("1,234.56", 123456),
        ("1234.5", 123450),
        ("12", 1200),
        ("\u22127,00", -700),
    ],
)
def test_amounts_are_read_as_banks_write_them(text, cents):
    [found] = read(f'Date;Montant;Communication\n2026-07-03;"{text}";x\n')

    assert found.cents == cents


@pytest.mark.parametrize("day", ["03/07/2026", "2026-07-03", "03-07-2026", "03.07.2026", "03/07/26", "20260703"])
def test_days_are_read_as_banks_write_them(day):
    assert read(f"Date;Montant;Communication\n{day};1,00;x\n")[0].booked_on == date(2026, 7, 3)


@pytest.mark.parametrize("cell", ["", "douze", "1,2,3", "NaN", "Infinity", "1,234", "1e3"])
def test_a_cell_that_is_no_amount_of_cents_is_refused_with_its_line(cell):
    with pytest.raises(BadCell) as refused:
        read(f'Date;Montant;Communication\n2026-07-03;"{cell}";x\n')

    assert refused.value.values["line"] == 2


def test_two_equal_lines_are_two_movements_and_the_same_in_another_file():
    text = "Date;Montant;Communication\n2026-07-03;1,00;x\n2026-07-03;1,00;x\n2026-07-03;2,00;x\n"
    first = [each.reference for each in read(text)]

    assert len(set(first)) == 3
    assert [each.reference for each in read(text.replace("\n", "\r\n"))] == first


def test_what_is_no_table_is_refused():
    for text in ("", "Bonjour", "a;b\n", "\n\n\n"):
        with pytest.raises(BadTable):
            tables.read(text)


@given(st.text(max_size=300))
def test_no_text_at_all_does_anything_else_than_be_read_or_refused(text):
    with contextlib.suppress(BadTable, BadCell):
        read(f"Date;Montant;Communication\n{text}")
