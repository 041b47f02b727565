"""What a registration form says about what is full: which options it showed so, and what the family would do."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.http import QueryDict

from tenant_apps.portal.forms.claim_rows import Row
from tenant_apps.portal.options import Shown
from tenant_apps.portal.taking import IfFull

# The button that was pressed: take what is left; or take it, and wait for the others.
WAY = "suite"
REST, WAIT = "reste", "attente"
# The brothers and sisters who wait for the same.
TOGETHER = "ensemble"
SHOWN_FULL = "complet"


def said(data: Mapping[str, Any], options: Iterable[Shown], chosen: Collection[UUID]) -> IfFull:
    """What was shown as full and was chosen all the same is waited for; the rest is as the button said."""
    way = data.get(WAY, "")
    listed = {each.option.id for each in options if each.has_list}
    meant = listed if way == WAIT else {each for each in listed if str(each) in _shown_full(data)}
    return IfFull(
        waits_for=frozenset(meant.intersection(chosen)), together=TOGETHER in data, takes_rest=way in (REST, WAIT)
    )


class WhatIsFull:
    """What of a form's options is full, and what the family may do about it.

    `filled_up`: what was chosen, and turned out to be full when it was asked for.
    """

    def __init__(self, rows: Iterable[Row], filled_up: Collection[UUID], data: Mapping[str, Any]) -> None:
        self._rows = list(rows)
        self.is_together = TOGETHER in data
        self.filled_up = [row for row in self._rows if row.option.id in filled_up]

    @property
    def names(self) -> str:
        return ", ".join(row.option.shown("name") for row in self.filled_up)

    @property
    def leaves_a_rest(self) -> bool:
        return any(row.quantity and row not in self.filled_up for row in self._rows)

    @property
    def has_list(self) -> bool:
        return any(row.shown.has_list for row in self.filled_up)

    @property
    def waited_for(self) -> list[Row]:
        """What may be chosen only to wait for it."""
        return [row for row in self._rows if row.is_waited_for and not row.is_for_others]

    @property
    def with_siblings(self) -> list[Row]:
        return [row for row in self._rows if row.shown.siblings and row.is_waited_for]


def _shown_full(data: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(data.getlist(SHOWN_FULL)) if isinstance(data, QueryDict) else frozenset()
