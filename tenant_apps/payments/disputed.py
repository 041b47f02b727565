"""What the states of a payment's dispute mean: for the money, and for staff in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tenant_apps.catalog.reasons import day_words

OPEN = ("needs_response", "warning_needs_response")
# Somebody has still to answer, or the bank has still to decide.
UNDECIDED = (*OPEN, "under_review", "warning_under_review")
# It stays so. A mere question that is closed may still become a dispute.
DECIDED = ("won", "lost")
# The payer's bank has the money, or may take it: it cannot go back a second time.
TAKEN = ("needs_response", "under_review", "lost")


def dispute_words(dispute: Mapping[str, Any]) -> str:
    """`dispute` as `Payment.dispute` keeps it."""
    status, due_on = dispute["status"], dispute.get("due_on") or ""
    if status in OPEN and due_on:
        return _("La banque du payeur conteste ce paiement. Répondez-lui avant le %(day)s, chez le processeur.") % {
            "day": day_words(date.fromisoformat(due_on))
        }
    if status == "won":
        return _("La banque vous a donné raison\u202f: l’argent est revenu.")
    if status == "lost":
        return _("La banque a donné raison au payeur\u202f: la commande est de nouveau due. Décidez de la suite.")
    if status == "warning_closed":
        return _("La banque du payeur avait une question sur ce paiement. Elle l’a close, et n’a rien repris.")
    return _("La banque du payeur conteste ce paiement, et étudie la réponse.")


def is_open(dispute: Mapping[str, Any]) -> bool:
    """Whether someone has still to answer."""
    return dispute.get("status") in OPEN


def all_of(dispute: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each that a payment's bank opened, the one that counts most first; `dispute` as above."""
    first = {name: each for name, each in dispute.items() if name != "others"}
    return [first, *dispute.get("others", ())] if first else []


def named(dispute: Mapping[str, Any], dispute_id: str) -> Mapping[str, Any]:
    return next((each for each in all_of(dispute) if each["id"] == dispute_id), dispute)


def with_others(told: dict[str, Any], dispute: Mapping[str, Any]) -> dict[str, Any]:
    """As the payment keeps them once one was told of: one that is undecided goes first."""
    others = [each for each in all_of(dispute) if each["id"] != told["id"]]
    first, *rest = sorted([told, *others], key=lambda each: each["status"] not in UNDECIDED)
    return {**first, "others": rest} if rest else first
