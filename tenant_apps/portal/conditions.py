"""What an offering asks, said in plain sentences: its rules, its options' own, and its periods of registration."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.words import in_language
from tenant_apps.catalog import windows
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.rules.kind import KINDS, Rule


@dataclass(frozen=True)
class Period:
    """When one audience registers, in local time."""

    name: str
    rules: Sequence[str]
    opens_at: datetime
    closes_at: datetime | None
    is_open: bool
    is_closed: bool


class Conditions:
    """Of one page: a rule that several options share is put in words once."""

    def __init__(self, *, at: datetime) -> None:
        self._at = at
        self._said: dict[str, str] = {}

    def of_offering(self, offering: Offering) -> list[str]:
        return self._all(offering.requirements)

    def of_option(self, option: Option) -> list[str]:
        return self._all(option.requirements)

    def periods(self, offering: Offering) -> list[Period]:
        return [
            Period(
                name=in_language(window.name),
                rules=self._all(window.rules),
                opens_at=window.opens_at,
                closes_at=window.closes_at,
                is_open=window.is_open(self._at),
                is_closed=window.is_closed(self._at),
            )
            for window in windows.windows_of(offering)
        ]

    def _all(self, rules: Sequence[Rule]) -> list[str]:
        return list(dict.fromkeys(self._in_words(rule) for rule in rules))

    def _in_words(self, rule: Rule) -> str:
        key = json.dumps(rule, sort_keys=True)
        if key not in self._said:
            self._said[key] = KINDS[rule["kind"]].explain(rule)
        return self._said[key]
