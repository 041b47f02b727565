"""An organisation's colours: whatever it chooses, text on them can be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared_apps.design import brand
from shared_apps.design.bundle import HERE
from shared_apps.design.colour import contrast, from_oklch, to_oklch

# A busy machine is no defect of the colours.
unhurried = settings(deadline=None)
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@unhurried
@given(brand_colour=colours, accent=st.none() | colours)
def test_text_on_every_filled_shade_can_be_read_in_both_schemes(brand_colour: str, accent: str | None) -> None:
    shades = brand.shades(brand_colour, accent)
    for ground, text in (("band", "on-band"), ("fill", "on-fill"), ("press", "on-fill"), ("accent", "on-accent")):
        for scheme in (0, 1):
            assert contrast(shades[ground][scheme], shades[text][scheme]) >= 4.5, (ground, scheme)
    assert contrast("#e9ebea", shades["deep"][0]) >= 4.5
    assert contrast("#e9ebea", shades["deep"][1]) >= 4.5


@unhurried
@given(brand_colour=colours)
def test_a_link_can_be_read_on_every_ground(brand_colour: str) -> None:
    shades = brand.shades(brand_colour)
    for scheme, grounds in enumerate(_grounds()):
        for ground in (*grounds, shades["wash"][scheme]):
            assert contrast(shades["link"][scheme], ground) >= 4.5, ground


@unhurried
@given(brand_colour=colours)
def test_the_page_s_own_text_can_be_read_on_the_tint(brand_colour: str) -> None:
    shades = brand.shades(brand_colour)
    for scheme, ink, muted in ((0, "#191c20", "#575c63"), (1, "#edebe6", "#aab0b8")):
        assert contrast(ink, shades["wash"][scheme]) >= 7
        assert contrast(muted, shades["wash"][scheme]) >= 4.5


@unhurried
@given(brand_colour=colours)
def test_a_suggestion_is_always_accepted_and_keeps_the_hue(brand_colour: str) -> None:
    suggested = brand.suggestion(brand_colour)
    if suggested is None:
        return
    assert brand.suggestion(suggested) is None
    was, now = to_oklch(brand_colour), to_oklch(suggested)
    if was[1] > 0.02 and now[1] > 0.02:
        assert abs(was[2] - now[2]) < 0.35


@unhurried
@given(brand_colour=colours, accent=st.none() | colours)
def test_the_style_sheet_holds_nothing_but_custom_properties(brand_colour: str, accent: str | None) -> None:
    declaration = r"--[a-z-]+:(#[0-9a-f]{6}|light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\));"
    rule = rf":root\{{({declaration})+\}}"
    assert re.fullmatch(
        rf"{rule}@supports \(color:light-dark\(#000,#fff\)\)\{{{rule}\}}", brand.brand_css(brand_colour, accent)
    )


@unhurried
@given(colour=colours)
def test_a_colour_survives_the_way_to_oklch_and_back(colour: str) -> None:
    there_and_back = from_oklch(*to_oklch(colour))
    for start in (1, 3, 5):
        assert abs(int(colour[start : start + 2], 16) - int(there_and_back[start : start + 2], 16)) <= 6


@pytest.mark.parametrize("value", ["", "#fff", "red", "#12345g", "#0b5c58;}body{display:none", "#0b5c58\n#", "０b5c58"])
def test_what_is_not_a_colour_is_refused(value: str) -> None:
    with pytest.raises(brand.BadColour):
        brand.brand_css(value)
    with pytest.raises(brand.BadColour):
        brand.brand_css("#0b5c58", value or "none")


def test_capitals_and_spaces_are_forgiven() -> None:
    assert brand.parse(" #FFD400 ") == "#ffd400"


def test_yellow_will_do_and_white_is_answered_with_a_grey() -> None:
    assert brand.suggestion("#ffd400") is None
    assert brand.suggestion("#ffffff") == "#dbdbdb"


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == 21


def _grounds() -> tuple[list[str], list[str]]:
    """Return the grounds of the tokens on which a link may stand, in the light and in the dark scheme."""
    tokens = (HERE / "css" / "tokens.css").read_text()
    names = r"--(?:paper|card|sunken|ok-wash|warn-wash|bad-wash|info-wash):light-dark\((#\w+),(#\w+)\)"
    pairs = re.findall(names, tokens)
    assert len(pairs) == 7
    return [_long(day) for day, _ in pairs], [_long(night) for _, night in pairs]


def _long(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(part * 2 for part in colour[1:])
