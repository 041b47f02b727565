"""What a cell of a table to download may hold."""

import pytest
from django.utils.translation import override

from tenant_apps.office import exports


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠SUM(A1)", "﹢1", "\u200b=1", "\ufeff＝1"]
)
def test_no_cell_is_run_by_a_spreadsheet(cell: str) -> None:
    assert exports.safe(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\x00=1", "\u2028=1"])
def test_what_does_not_show_hides_no_formula(cell: str) -> None:
    assert exports.safe(cell) == "'=1"


def test_a_cell_is_one_line() -> None:
    assert exports.safe("Arachides\nNoix\tLait\x07\u2028Œufs") == "Arachides Noix Lait  Œufs"


def test_words_and_nothing_are_left_as_they_are() -> None:
    assert exports.safe("Ada") == "Ada"
    assert exports.safe("Zoë-Anne ½") == "Zoë-Anne ½"
    assert exports.safe(None) == ""


def test_an_amount_below_zero_is_a_number_and_a_text_that_looks_like_one_is_not() -> None:
    with override("fr"):
        assert exports.safe(exports.amount(-1250)) == "-12,50"
        assert exports.safe("-12,50") == "'-12,50"
        assert exports.amount(5) == "0,05"
    with override("en"):
        assert exports.amount(-5) == "-0.05"
