"""Refuses columns that hold rules of no kind: whoever wrote them meant something that nobody could apply."""

from collections.abc import Mapping
from typing import Any

from tenant_apps.catalog.errors import UnknownPriceRule
from tenant_apps.catalog.pricing.kind import PRICE_KINDS
from tenant_apps.catalog.rules import checking


def check(columns: Mapping[str, Any]) -> None:
    """Of an offering or an option. Raises UnknownRequirement, BadRequirement, BadWindow or UnknownPriceRule."""
    checking.check(columns.get("requirements", []))
    checking.check_windows(columns.get("windows", []))
    for rule in columns.get("pricing", {}).get("rules", []):
        if PRICE_KINDS.get(str(rule.get("kind", ""))) is None:
            raise UnknownPriceRule(kind=rule.get("kind", ""))
