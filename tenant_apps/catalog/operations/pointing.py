"""Rules of a copied season that name another offering by its slug: what each means once that was copied too."""

from collections.abc import Mapping, Sequence

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.rules.kind import KINDS, Rule


def point(made: Sequence[Offering], copies: Mapping[str, str]) -> None:
    """`made` are copies as they were just written, whose rules still name the originals."""
    for offering in made:
        offering.requirements = _rules(offering.requirements, copies)
        offering.windows = [{**each, "for": _rules(each.get("for", []), copies)} for each in offering.windows]
    options = list(Option.objects.filter(offering__in=made))
    for option in options:
        option.requirements = _rules(option.requirements, copies)
    Offering.objects.bulk_update(made, ["requirements", "windows"])
    Option.objects.bulk_update(options, ["requirements"])


def _rules(rules: Sequence[Rule], copies: Mapping[str, str]) -> list[Rule]:
    return [KINDS[rule["kind"]].copied(rule, copies) for rule in rules]
