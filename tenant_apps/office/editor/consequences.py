"""What a change does to those who are registered already, said before it is made."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_DAYS = ("starts_on", "ends_on", "meetings")
_AUDIENCE = ("establishments", "levels", "requirements", "windows", "reserved_to_establishments")
_PRICES = ("price_cents", "pricing")


def of_option(changes: Mapping[str, Any], held: int) -> list[str]:
    """Empty where nobody is registered, or where nothing that matters to them changes."""
    if not held:
        return []
    found = []
    if any(name in changes for name in _PRICES):
        found.append(_keep_their_price(held))
    if any(name in changes for name in _DAYS):
        found.append(_told_by_you(held))
    if "requirements" in changes:
        found.append(_stay(held))
    return found


def of_offering(changes: Mapping[str, Any], held: int) -> list[str]:
    if not held:
        return []
    found = []
    if "pricing" in changes:
        found.append(_keep_their_price(held))
    if "starts_on" in changes or "ends_on" in changes:
        found.append(_told_by_you(held))
    if any(name in changes for name in _AUDIENCE):
        found.append(_stay(held))
    if "payee" in changes:
        found.append(_("Ce qui est déjà payé reste au compte de paiement d’avant."))
    if "consent_form" in changes:
        found.append(
            _("Les autorisations déjà signées portent sur l’ancien texte\u202f: la nouvelle est demandée à tous.")
        )
    return found


def of_withdrawal(held: int) -> list[str]:
    return [_stay(held)] if held else []


def _keep_their_price(held: int) -> str:
    return ngettext(
        "%(count)s inscription garde son prix\u202f; le nouveau vaut pour les suivantes.",
        "%(count)s inscriptions gardent leur prix\u202f; le nouveau vaut pour les suivantes.",
        held,
    ) % {"count": held}


def _told_by_you(held: int) -> str:
    return ngettext(
        "%(count)s inscription a été faite pour les dates d’avant\u202f: prévenez la famille.",
        "%(count)s inscriptions ont été faites pour les dates d’avant\u202f: prévenez les familles.",
        held,
    ) % {"count": held}


def _stay(held: int) -> str:
    return ngettext(
        "%(count)s inscription reste valable, même si elle ne serait plus permise.",
        "%(count)s inscriptions restent valables, même si elles ne seraient plus permises.",
        held,
    ) % {"count": held}
