"""What the processor's books and ours do not say alike."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What the two books say differently; MOVEMENT is one row of the processor's balance."""

    CHARGE = "charge", _("Paiement")
    REFUND = "refund", _("Remboursement")
    DISPUTE = "dispute", _("Contestation")
    PAYOUT = "payout", _("Virement du processeur")
    MOVEMENT = "movement", _("Mouvement")
    BALANCE = "balance", _("Solde")


@dataclass(frozen=True, slots=True)
class Difference:
    """`reference` is theirs, and where to look; `cents` what they say, `expected_cents` what we say, None for nothing.

    `cents` are above zero for what came to the payee.
    """

    kind: Kind
    reference: str
    cents: int
    expected_cents: int | None
    currency: str
    at: datetime
    payee_id: UUID
    payment_id: UUID | None = None

    @property
    def key(self) -> tuple[UUID, str, str]:
        return self.payee_id, self.kind, self.reference
