"""Refuses what no form would have written, whoever writes it: rules that nobody could apply, too many keywords."""

from collections.abc import Mapping
from typing import Any

from tenant_apps.catalog import tags
from tenant_apps.catalog.pricing import checking as pricing
from tenant_apps.catalog.rules import checking


def check(columns: Mapping[str, Any]) -> None:
    """Of an offering or an option.

    Raises UnknownRequirement, BadRequirement, BadWindow, UnknownPriceRule, BadPriceRule or BadTags.
    """
    tags.check(columns.get("tags", []))
    checking.check(columns.get("requirements", []))
    checking.check_windows(columns.get("windows", []))
    pricing.check(columns.get("pricing", {}).get("rules", []))
