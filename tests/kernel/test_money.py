"""What is forgiven to who types an amount, and what is refused, by kind."""

import pytest

from kernel.money import MOST_CENTS, Fault, NotAnAmount, cents_of


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("0", 0),
        ("12", 1200),
        ("12.5", 1250),
        ("12,50", 1250),
        (",50", 50),
        ("12,", 1200),
        ("007,05", 705),
        ("  12,50  ", 1250),
        ("12 €", 1200),
        ("$12.50", 1250),
        ("€\u00a012,50", 1250),
        ("1234,50", 123450),
        ("1 234,50 $", 123450),
        ("1\u00a0234,50\u00a0$", 123450),
        ("1\u202f234,50\u202f€", 123450),
        ("1.234,50", 123450),
        ("1,234.50", 123450),
        ("+5", 500),
        ("-0", 0),
        ("1 000 000,00", MOST_CENTS),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed: str, cents: int):
    assert cents_of(typed) == cents


@pytest.mark.parametrize("typed", ["-5,50 $", "-$5.50", "€ -5,50", "\u22125,50", "- 5,5"])
def test_less_than_nothing_is_read_where_it_is_allowed(typed: str):
    assert cents_of(typed, least=-1000) == -550


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.UNREADABLE),
        ("$", Fault.UNREADABLE),
        (",", Fault.UNREADABLE),
        ("douze", Fault.UNREADABLE),
        ("NaN", Fault.UNREADABLE),
        ("∞", Fault.UNREADABLE),
        ("1e5", Fault.UNREADABLE),
        ("1_000", Fault.UNREADABLE),
        ("12 50", Fault.UNREADABLE),
        ("1.23.4", Fault.UNREADABLE),
        ("1.234.567", Fault.UNREADABLE),
        ("$12 €", Fault.UNREADABLE),
        ("12-", Fault.UNREADABLE),
        ("\u0661\u0662", Fault.UNREADABLE),
        ("5,555", Fault.DECIMALS),
        ("1.234", Fault.DECIMALS),
        ("1,000", Fault.DECIMALS),
        ("-0,01", Fault.LEAST),
        ("-" + "9" * 5000, Fault.LEAST),
        ("1 000 000,01", Fault.MOST),
        ("9" * 5000, Fault.MOST),
    ],
)
def test_what_is_no_amount_is_refused_by_kind(typed: str, fault: Fault):
    with pytest.raises(NotAnAmount) as refused:
        cents_of(typed)
    assert refused.value.fault == fault


def test_the_bounds_are_those_of_who_asks():
    assert (cents_of("5", least=500, most=500), cents_of("-5", least=-500)) == (500, -500)
    with pytest.raises(NotAnAmount):
        cents_of("5,01", least=500, most=500)
