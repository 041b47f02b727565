"""Refuses price rules that no form of theirs would have written: they could not be applied, or not be read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenant_apps.catalog import filled_in
from tenant_apps.catalog.pricing.kind import PRICE_KINDS


class UnknownPriceRule(Refusal):
    code = "unknown_price_rule"
    message = _("La règle de prix «\u202f{kind}\u202f» n’existe pas.")


class BadPriceRule(Refusal):
    """`faults` are the form's own."""

    code = "bad_price_rule"
    message = _("La règle de prix «\u202f{kind}\u202f» est mal remplie\u202f: {faults}")


def check(rules: Sequence[Mapping[str, Any]]) -> None:
    """Raises UnknownPriceRule or BadPriceRule."""
    filled_in.check(rules, PRICE_KINDS, unknown=UnknownPriceRule, bad=BadPriceRule)
