"""What the colours give, measured as WCAG 2.2 measures it: shown beside the choice, before it is kept."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from shared_apps.design import brand
from shared_apps.design.colour import contrast


@dataclass(frozen=True, slots=True)
class Measure:
    """`day` and `night`: the contrast in the light and in the dark scheme, from 1 to 21, rounded down."""

    label: str
    day: float
    night: float


def measures(colour: str, accent: str) -> list[Measure]:
    """Raises BadColour."""
    shades = brand.shades(colour, accent or None)
    papers = brand.LIGHT_GROUNDS[0], brand.DARK_GROUNDS[0]
    return [
        _measured(_("Texte sur le bandeau"), shades["on-band"], shades["band"]),
        _measured(_("Texte sur un bouton"), shades["on-fill"], shades["fill"]),
        _measured(_("Liens sur le papier"), shades["link"], papers),
    ]


def _measured(label: str, ink: tuple[str, str], ground: tuple[str, str]) -> Measure:
    day, night = (int(contrast(*pair) * 10) / 10 for pair in zip(ink, ground, strict=True))
    return Measure(label, day, night)
