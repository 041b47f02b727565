"""Refuses columns that hold rules of no kind: whoever wrote them meant something that nobody could apply."""

from collections.abc import Mapping
from typing import Any

from tenant_apps.catalog.pricing import checking as pricing
from tenant_apps.catalog.rules import checking


def check(columns: Mapping[str, Any]) -> None:
    """Of an offering or an option.

    Raises UnknownRequirement, BadRequirement, BadWindow, UnknownPriceRule or BadPriceRule.
    """
    checking.check(columns.get("requirements", []))
    checking.check_windows(columns.get("windows", []))
    pricing.check(columns.get("pricing", {}).get("rules", []))
