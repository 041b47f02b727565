"""Colour arithmetic: sRGB to OKLCH and back, and the contrast of WCAG 2."""

from __future__ import annotations

import math
import re

HEX = re.compile(r"#[0-9a-f]{6}")

# Björn Ottosson's matrices, https://bottosson.github.io/posts/oklab/
_TO_LMS = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
_FROM_LAB = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_FROM_LMS = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)

Triple = tuple[float, float, float]


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, from 0 to 1."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the WCAG contrast of two `#rrggbb` colours, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def to_oklch(colour: str) -> Triple:
    """Return lightness (0 to 1), chroma and hue (radians) of `#rrggbb`."""
    lms = _times(_TO_LMS, _linear(colour))
    lightness, a, b = _times(_TO_LAB, (math.cbrt(lms[0]), math.cbrt(lms[1]), math.cbrt(lms[2])))
    return lightness, math.hypot(a, b), math.atan2(b, a)


def from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """Return `#rrggbb`, less vivid where a screen could not show the colour asked for."""
    linear = _linear_rgb(lightness, chroma, hue)
    while chroma > 0 and not all(-0.0001 <= part <= 1.0001 for part in linear):
        chroma = max(0.0, chroma - 0.004)
        linear = _linear_rgb(lightness, chroma, hue)
    return "#" + "".join(f"{_encoded(part):02x}" for part in linear)


def _linear_rgb(lightness: float, chroma: float, hue: float) -> Triple:
    lab = (lightness, chroma * math.cos(hue), chroma * math.sin(hue))
    one, two, three = _times(_FROM_LAB, lab)
    return _times(_FROM_LMS, (one**3, two**3, three**3))


def _linear(colour: str) -> Triple:
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _encoded(part: float) -> int:
    part = min(1.0, max(0.0, part))
    return round(255 * (part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055))


def _times(matrix: tuple[Triple, Triple, Triple], vector: Triple) -> Triple:
    one, two, three = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return one, two, three
