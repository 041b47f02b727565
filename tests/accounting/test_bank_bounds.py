"""Statements with what no family sent: sums too large, days that never were, lines without end."""

import time
from datetime import date

import pytest

from kernel import clock
from tenant_apps.accounting.bank import coda, entering, tables
from tenant_apps.accounting.bank.movements import MOST_MOVEMENTS, TooManyMovements
from tenant_apps.accounting.bank.tables import BadCell, BadTable
from tenant_apps.accounting.models import StatementLine
from tests.accounting.coda import IBAN, Sent, a_file
from tests.factories.organisation import a_payee, an_organisation_profile

HEAD = "Date;Montant;Communication\n"
TOO_LARGE = [100_000_001, 2_500_000_000, 9_999_999_999_999, -100_000_001, -9_999_999_999_999]


def of_table(text):
    table = tables.read(text)
    return tables.movements(table, tables.guess(table.head), currency="eur")


@pytest.fixture
def payee(organisation_a):
    profile = an_organisation_profile()
    profile.currency = "eur"
    profile.save()
    return a_payee(iban=IBAN)


@pytest.mark.parametrize("cents", TOO_LARGE)
@pytest.mark.parametrize("kind", ["coda", "table"])
def test_a_sum_that_is_no_familys_is_left_aside_and_those_around_it_are_entered(payee, kind, cents):
    if kind == "coda":
        movements = coda.read(a_file(Sent(100), Sent(cents), Sent(200), before_cents=0))
    else:
        rows = [f"2026-07-03;{each / 100:.2f};x\n" for each in (100, cents, 200)]
        movements = of_table(HEAD + "".join(rows))

    foreseen = entering.foresee(movements, payee=payee)
    entering.enter_all(foreseen.new, at=clock.now())

    assert [each.cents for each in foreseen.ignored] == [cents]
    assert sorted(StatementLine.objects.values_list("cents", flat=True)) == [100, 200]


def test_the_largest_that_is_entered_is_a_million(payee):
    movements = coda.read(a_file(Sent(100_000_000)))

    assert entering.enter_all(entering.foresee(movements, payee=payee).new, at=clock.now())
    assert StatementLine.objects.get().cents == 100_000_000


@pytest.mark.parametrize("day", ["01/01/0001", "1999-12-31", "9999-12-31", "2200-01-02"])
def test_a_day_that_is_nobodys_is_refused(day):
    with pytest.raises(BadCell):
        of_table(f"{HEAD}{day};12,50;x\n")


@pytest.mark.parametrize("row", ["{};12,50;x", "2026-07-03;{};x"])
def test_a_refusal_repeats_only_the_beginning_of_a_cell(row):
    with pytest.raises(BadCell) as refusal:
        of_table(HEAD + row.format("a" * 100_000) + "\n")

    assert len(str(refusal.value)) < 200


def test_lines_without_end_are_refused_soon():
    begun = time.process_time()

    with pytest.raises(BadTable):
        tables.read("\n" * 1_000_000)

    assert time.process_time() - begun < 5


def test_of_too_many_rows_only_so_many_are_read(payee):
    table = tables.read(HEAD + "2026-07-03;12,50;x\n" * 50_000)

    assert MOST_MOVEMENTS < len(table.rows) < MOST_MOVEMENTS + 30
    with pytest.raises(TooManyMovements):
        entering.foresee(tables.movements(table, tables.guess(table.head), currency="eur"), payee=payee)


@pytest.mark.parametrize("sign", ["\x0c", "\x85", "\u2028", "\x1c", "\x0b"])
def test_a_sign_inside_a_communication_does_not_cut_its_record(sign):
    text = a_file(Sent(100, words=f"camp{sign}de Léa", on=date(2026, 7, 3)))

    assert [(each.cents, each.communication) for each in coda.read(text)] == [(100, "camp de Léa")]
