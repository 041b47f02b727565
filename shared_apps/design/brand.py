"""An organisation's one or two colours, made into shades on which text can always be read (WCAG 2.2 AA)."""

from __future__ import annotations

from functools import lru_cache

from shared_apps.design.colour import HEX, contrast, from_oklch, to_oklch

TEXT = 4.5
LINK = 5.0  # a little above, for the grounds of notices
SHAPE = 3.0

WHITE = "#ffffff"
INK = "#191c20"
BLACK = "#000000"

# The grounds of css/tokens.css on which coloured text may stand, lightest and darkest first.
LIGHT_GROUNDS = (WHITE, "#f7f5f1", "#efece6")
DARK_GROUNDS = ("#13161a", "#1c2026", "#242a31")

# Paler than this, a band of the colour can hardly be told from the paper.
PALEST = 1.35


class BadColour(ValueError):
    """The value is not a colour written #rrggbb."""


def parse(value: str) -> str:
    """Return the colour as lower-case `#rrggbb`; raises BadColour for anything else."""
    colour = value.strip().lower()
    if not HEX.fullmatch(colour):
        raise BadColour(value)
    return colour


def suggestion(value: str) -> str | None:
    """Return None if the colour will do, else the nearest of the same hue that does; raises BadColour."""
    colour = parse(value)
    if contrast(colour, WHITE) >= PALEST:
        return None
    return _darkened(colour, grounds=(WHITE,), least=PALEST)


def text_on(colour: str) -> str:
    """Return white, ink or black: the first that can be read on the colour."""
    return next(text for text in (WHITE, INK, BLACK) if text == BLACK or contrast(text, colour) >= TEXT)


def shades(brand: str, accent: str | None = None) -> dict[str, tuple[str, str]]:
    """Return each custom property's value in the light and in the dark scheme; raises BadColour."""
    brand = parse(brand)
    lightness, chroma, hue = to_oklch(brand)
    accent = parse(accent) if accent else from_oklch(0.45 if lightness > 0.7 else 0.82, min(chroma, 0.13), hue)

    wash = from_oklch(0.962, min(chroma, 0.014), hue), from_oklch(0.28, min(chroma, 0.025), hue)
    link = (
        _darkened(brand, grounds=(*LIGHT_GROUNDS, wash[0]), least=LINK),
        _lightened(brand, grounds=(*DARK_GROUNDS, wash[1]), least=LINK),
    )
    band = brand, from_oklch(min(lightness, 0.36), min(chroma, 0.09), hue)
    fill = brand, _lightened(brand, grounds=DARK_GROUNDS, least=SHAPE)
    press = _pressed(fill[0]), _pressed(fill[1])
    deep = from_oklch(0.27, min(chroma, 0.06), hue), from_oklch(0.22, min(chroma, 0.03), hue)
    return {
        "brand": (brand, brand),
        "band": band,
        "on-band": (text_on(band[0]), text_on(band[1])),
        "fill": fill,
        "on-fill": (text_on(fill[0]), text_on(fill[1])),
        "press": press,
        "link": link,
        "wash": wash,
        "deep": deep,
        "accent": (accent, accent),
        "on-accent": (text_on(accent), text_on(accent)),
    }


@lru_cache(maxsize=1000)
def brand_css(brand: str, accent: str | None = None) -> str:
    """Return the style sheet that gives an organisation its colours; raises BadColour.

    Browsers without `light-dark()` keep the light scheme.
    """
    return _sheet(":root", brand, accent)


def preview_css(brand: str, accent: str | None = None) -> str:
    """Return the same for one part of a page, that of `.brand-preview`; raises BadColour."""
    return _sheet(".brand-preview", brand, accent)


def _sheet(of: str, brand: str, accent: str | None) -> str:
    named = shades(brand, accent).items()
    light = "".join(f"--{name}:{day};" for name, (day, _) in named)
    both = "".join(f"--{name}:light-dark({day},{night});" for name, (day, night) in named)
    return f"{of}{{{light}}}@supports (color:light-dark(#000,#fff)){{{of}{{{both}}}}}"


def _darkened(colour: str, *, grounds: tuple[str, ...], least: float) -> str:
    return _moved(colour, grounds=grounds, least=least, step=-0.01)


def _lightened(colour: str, *, grounds: tuple[str, ...], least: float) -> str:
    return _moved(colour, grounds=grounds, least=least, step=0.01)


def _moved(colour: str, *, grounds: tuple[str, ...], least: float, step: float) -> str:
    lightness, chroma, hue = to_oklch(colour)
    while not all(contrast(colour, ground) >= least for ground in grounds) and 0 <= lightness <= 1:
        lightness += step
        colour = from_oklch(min(1.0, max(0.0, lightness)), chroma, hue)
    return colour


def _pressed(fill: str) -> str:
    """Move away from the text's colour, so that a pressed button is never harder to read."""
    lightness, chroma, hue = to_oklch(fill)
    towards = -0.06 if text_on(fill) == WHITE else 0.05
    pressed = from_oklch(min(1.0, max(0.0, lightness + towards)), chroma, hue)
    return pressed if contrast(pressed, text_on(fill)) >= TEXT else fill
