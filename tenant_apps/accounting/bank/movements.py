"""What a bank says of an account, whichever file it says it in."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.money import MOST_CENTS

MOST_MOVEMENTS = 2_000
# What is more is no family's: a grant, or the wages of a month. It is shown, and left aside.
MOST_TRANSFERRED = MOST_CENTS


class UnreadableStatement(Refusal):
    code = "unreadable_statement"
    message = _("Ligne {line}\u202f: ce fichier ne se lit pas comme un extrait CODA. Rien n’a été importé.")


class IncompleteStatement(Refusal):
    """The sums of the file are not those of its lines: something was cut off or altered."""

    code = "incomplete_statement"
    message = _(
        "Ce fichier est incomplet\u202f: l’ancien solde et les mouvements ne donnent pas le nouveau solde. "
        "Téléchargez-le de nouveau à votre banque. Rien n’a été importé."
    )


class TooManyMovements(Refusal):
    code = "too_many_movements"
    message = _("Ce fichier a plus de {most} mouvements. Coupez-le en plusieurs.")


class EmptyStatement(Refusal):
    code = "empty_statement"
    message = _("Ce fichier ne contient aucun mouvement.")


@dataclass(frozen=True, slots=True)
class Movement:
    """`cents`: what the account gained, below zero what it lost. `reference`: what names it for ever, for this account.

    `account` is the one of whose statement it is, as the file writes it; empty where the file does not say.
    """

    account: str
    currency: str
    reference: str
    booked_on: date
    cents: int
    communication: str
    counterparty: str

    @property
    def is_too_large(self) -> bool:
        return abs(self.cents) > MOST_TRANSFERRED
