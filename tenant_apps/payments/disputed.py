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
