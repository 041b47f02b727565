"""Who is a resident (S4-21): staff said so, or a proof was accepted, or the postal code of the family's address."""

from collections.abc import Mapping
from typing import Any

from tenant_apps.families.models import PriceCategory
from tenant_apps.organisation.prices import Residence


def address(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first among the household's answers, whatever its question is called; empty for none."""
    addresses = (answer for answer in answers.values() if isinstance(answer, Mapping))
    return next((each for each in addresses if each.get("postal_code")), {})


def postal_code(answers: Mapping[str, Any]) -> str:
    return bare(str(address(answers).get("postal_code", "")))


def bare(code: str) -> str:
    """As codes are compared: « g1r 2b5 » and « G1R-2B5 » are the same."""
    return "".join(each for each in code.upper() if each.isalnum())


def by_address(answers: Mapping[str, Any], rule: Residence) -> str:
    """What the address says by itself; nothing without one, or where the organisation named no postal code."""
    code = postal_code(answers)
    if not code or not rule.postal_codes:
        return PriceCategory.NONE
    is_inside = any(_is_of(code, pattern) for pattern in rule.postal_codes)
    return PriceCategory.RESIDENT if is_inside else PriceCategory.NON_RESIDENT


def category(*, said_by_staff: str, proven: str, answers: Mapping[str, Any], rule: Residence) -> str:
    """`proven` is what an accepted proof that holds today says. Where one is asked, an address inside says nothing."""
    if said_by_staff or proven:
        return said_by_staff or proven
    told = by_address(answers, rule)
    return PriceCategory.NONE if rule.asks_proof and told == PriceCategory.RESIDENT else told


def _is_of(code: str, pattern: str) -> bool:
    wanted = bare(pattern)
    return code.startswith(wanted) if pattern.strip().endswith("*") else code == wanted
