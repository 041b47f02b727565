"""The structured communication of transfers: written, checked, and read back from what people type (R-49)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import ogm_vcs

from tenant_apps.payments import communication

VECTORS = ["+++090/9337/55493+++", "+++123/0004/56744+++", "+++001/0000/09776+++"]


@pytest.mark.line("S4-45")
@pytest.mark.parametrize("written", VECTORS)
def test_what_the_standard_shows_is_read_and_written(written):
    [digits] = communication.found_in(written)

    assert communication.formatted(digits) == written


def test_the_check_is_97_where_nothing_remains():
    assert communication.formatted("0000000097") == "+++000/0000/09797+++"
    assert communication.found_in("000000009797") == ["0000000097"]
    assert communication.found_in("000000009700") == []


@pytest.mark.parametrize(
    "text",
    [
        "***090/9337/55493***",
        "090933755493",
        "Inscription Léa 090 9337 55493 merci",
        "0 9 0 9 3 3 7 5 5 4 9 3",
        "+++090/9337/55493+++ 2e rappel du 03/07/2026",
        "communication:090-9337-55493.",
    ],
)
def test_it_is_read_however_it_was_typed(text):
    assert communication.found_in(text) == ["0909337554"]


@pytest.mark.parametrize("text", ["", "090/9337/55494", "0470 12 34 56", "BE68539007547034", "1090933755493"])
def test_what_is_none_is_not_taken_for_one(text):
    assert communication.found_in(text) == []


def test_two_of_them_are_both_found():
    assert communication.found_in(" et ".join(VECTORS[:2])) == ["0909337554", "1230004567"]


@given(st.integers(min_value=1, max_value=9_999_999_999))
def test_any_ten_digits_are_written_as_the_standard_library_of_numbers_checks_them_and_read_back(number):
    digits = f"{number:010}"
    written = communication.formatted(digits)

    assert ogm_vcs.is_valid(written)
    assert communication.found_in(written) == [digits]
    assert communication.found_in(ogm_vcs.compact(written)) == [digits]
