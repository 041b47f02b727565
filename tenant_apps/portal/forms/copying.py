"""« Copier cette semaine » on an order of meals: the quantities of one week for all that follow, without a script."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tenant_apps.portal import weeks
from tenant_apps.portal.options import Shown

# The button's name; its value is the Monday of the week to copy.
BUTTON = "choix-copier"


def is_asked(data: Mapping[str, Any] | None) -> bool:
    return data is not None and bool(data.get(BUTTON))


def copied(data: Mapping[str, Any], options: Iterable[Shown]) -> dict[str, Any]:
    """What was typed, with the quantities of the later weeks as those of the named one. Places are not looked at."""
    said = dict(data.items())
    monday = _day(said.pop(BUTTON, ""))
    open_ones = [each.option for each in options if not each.reasons and each.option.starts_on]
    asked = {
        weeks.same_place_in_the_week(option): said.get(f"choix-q-{option.id}", "")
        for option in open_ones
        if weeks.monday_of(option) == monday
    }
    for option in open_ones:
        place = weeks.same_place_in_the_week(option)
        if monday is not None and weeks.monday_of(option) > monday and place in asked:
            said[f"choix-q-{option.id}"] = asked[place]
    return said


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
