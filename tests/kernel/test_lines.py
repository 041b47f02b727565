"""A line of text keeps what is seen of it, and nothing else."""

import pytest

from kernel.lines import one_line

AN_ASTRONAUT = "\U0001f469\U0001f3fd\u200d\U0001f680 Zoo \u2764\ufe0f"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Zoo\r\nd’été", "Zoo d’été"),
        ("  Zoo \t \u2028 d’été\n", "Zoo d’été"),
        ("Zoo\u202e d’\u200bété\ufeff\x00\x07", "Zoo d’été"),
        ("Zoo \u200b d’été", "Zoo d’été"),
        ("Prix\u202f: 5\u00a0$", "Prix\u202f: 5\u00a0$"),
        (
            "\U0001f469\U0001f3fd\u200d\U0001f680 Zoo \u2764\ufe0f",
            "\U0001f469\U0001f3fd\u200d\U0001f680 Zoo \u2764\ufe0f",
        ),
        ("E\u0301te\u0301", "E\u0301te\u0301"),
    ],
)
def test_a_line_keeps_what_is_seen_of_it(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


@pytest.mark.parametrize("typed", ["", " \n", "\u200b\u202e", "\u200d\ufe0f", "\u00a0\u202f", "\u3164", "\u2800"])
def test_nothing_is_kept_where_nothing_is_seen(typed: str) -> None:
    assert one_line(typed) == ""
