"""CODA files as banks write them, and files that only look like one."""

import contextlib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.accounting.bank import coda
from tenant_apps.accounting.bank.movements import EmptyStatement, IncompleteStatement, UnreadableStatement
from tests.accounting.coda import IBAN, Sent, a_file

DATA = Path(__file__).parent / "data"


def said(text):
    return [(each.cents, each.communication, each.counterparty) for each in coda.read(text)]


def test_a_sample_of_a_bank_is_read_to_the_letter():
    text = (DATA / "statement-2026-042.cod").read_bytes().decode("cp1252")

    assert coda.looks_like(text)
    assert said(text) == [
        (12600, "+++090/9337/55493+++", "DUPONT ANNE"),
        (4500, "camp de Léa, semaine 28 +++123/0004/56744+++", "LÉONARD-MAES J."),
        (-3000, "Facture 2026-118", "BOULANGERIE DU COIN"),
    ]
    first = coda.read(text)[0]
    assert (first.account, first.currency, first.booked_on) == (IBAN, "eur", date(2026, 7, 3))
    assert first.reference == "2026-042-0703-0001-0000-REF00000100"


def test_a_communication_runs_over_the_three_records():
    words = "Un très long libellé ".ljust(53, ".") + "qui continue dans le deuxième".ljust(53, "-") + "et le troisième"

    assert said(a_file(Sent(100, words=words))) == [(100, words, "DUPONT ANNE")]


def test_a_total_is_told_by_the_transfers_it_is_made_of():
    parts = (Sent(4000, structured="090933755493", kind="6"), Sent(6000, words="Bo", name="MAES", kind="6"))

    assert said(a_file(Sent(10000, kind="2", parts=parts), Sent(500, words="seul"))) == [
        (4000, "+++090/9337/55493+++", "DUPONT ANNE"),
        (6000, "Bo", "MAES"),
        (500, "seul", "DUPONT ANNE"),
    ]


def test_a_total_whose_parts_do_not_make_it_stands_by_itself():
    parts = (Sent(4000, kind="6"),)

    assert said(a_file(Sent(10000, words="total", kind="2", parts=parts))) == [(10000, "total", "DUPONT ANNE")]


def test_several_statements_in_one_file_are_of_their_own_accounts():
    both = a_file(Sent(100)) + a_file(Sent(200), iban="BE71096123456769", number=43)

    assert [(each.account, each.cents) for each in coda.read(both)] == [(IBAN, 100), ("BE71096123456769", 200)]


def test_a_copy_of_a_statement_names_its_movements_the_same():
    first, copy = a_file(Sent(100), Sent(100)), a_file(Sent(100), Sent(100)).replace("\r\n", "\n")

    assert [each.reference for each in coda.read(first)] == [each.reference for each in coda.read(copy)]
    assert len({each.reference for each in coda.read(first)}) == 2


def test_a_file_that_was_cut_or_altered_is_refused():
    lines = a_file(Sent(100), Sent(200)).splitlines()
    without_movement = "\n".join(line for line in lines if not line.startswith("2" + "10001"))

    for text in (
        without_movement,
        "\n".join(lines[:-2]),
        "\n".join(lines).replace("0000000000002000", "0000000000003000"),
    ):
        with pytest.raises((IncompleteStatement, UnreadableStatement)):
            coda.read(text)


def test_a_statement_without_movements_is_empty():
    with pytest.raises(EmptyStatement):
        coda.read(a_file())


@given(st.text(max_size=400))
def test_no_text_at_all_does_anything_else_than_be_read_or_refused(text):
    for read in (text, f"12042{text}", a_file(Sent(100)).replace("DUPONT", text[:30] or "x")):
        with contextlib.suppress(UnreadableStatement, IncompleteStatement, EmptyStatement):
            coda.read(read)


@given(st.lists(st.integers(min_value=-10_000_000, max_value=10_000_000).filter(bool), min_size=1, max_size=30))
def test_what_is_read_is_what_the_account_gained(amounts):
    found = coda.read(a_file(*[Sent(cents) for cents in amounts]))

    assert [each.cents for each in found] == amounts
    assert len({each.reference for each in found}) == len(amounts)
