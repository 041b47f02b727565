"""Rules of a copied season that name another offering by its slug: they name its copy, where it was copied too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.rules.kind import Rule


@dataclass(frozen=True, slots=True)
class Copies:
    """`slugs`: of each original, that of its copy. `season` is the name of the old season and of the new one."""

    slugs: Mapping[str, str]
    season: tuple[str, str]

    def rules(self, rules: Sequence[Rule]) -> list[Rule]:
        return [self._rule(rule) for rule in rules]

    def windows(self, windows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [{**window, "for": self.rules(window.get("for", []))} for window in windows]

    def _rule(self, rule: Rule) -> Rule:
        copy = self.slugs.get(rule.get("offering", ""))
        if copy is None:
            return rule
        old, new = self.season
        return {**rule, "offering": copy, **({"season": new} if rule.get("season") == old else {})}


def point(made: Sequence[Offering], copies: Copies) -> None:
    """`made` are copies as they were just written, whose rules still name the originals."""
    for offering in made:
        offering.requirements = copies.rules(offering.requirements)
        offering.windows = copies.windows(offering.windows)
    options = list(Option.objects.filter(offering__in=made))
    for option in options:
        option.requirements = copies.rules(option.requirements)
    Offering.objects.bulk_update(made, ["requirements", "windows"])
    Option.objects.bulk_update(options, ["requirements"])
