"""A confirmed registration that is given up, moved to another choice or handed to a sibling (O-09, S4-42)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.models import Row


class Kind(models.TextChoices):
    WITHDRAWAL = "withdrawal", _("Désinscription")
    SWAP = "swap", _("Changement de choix")
    TRANSFER = "transfer", _("Transfert à un autre enfant")


class Status(models.TextChoices):
    ASKED = "asked", _("À l’étude")
    ACCEPTED = "accepted", _("Acceptée")
    REFUSED = "refused", _("Refusée")
    CANCELLED = "cancelled", _("Retirée")


class ChangeRequest(Row):
    """What a family, or staff for it, asks about one registration, and what was decided.

    `option` is the new one of a swap, `participant` the new one of a transfer.
    `fee_cents` is kept by the organisation and `refund_cents` goes back: as they were shown when it was asked, and as
    they were decided afterwards.
    `uploads`: the identifiers of the proofs (forms.Upload); `sealed`: the family's reason and the answer
    (shared_apps.vault), since a reason may tell of health.
    """

    kind = models.CharField(max_length=12, choices=Kind.choices)
    registration = models.ForeignKey(
        "registrations.Registration", on_delete=models.PROTECT, related_name="change_requests"
    )
    guardian = models.ForeignKey("families.Guardian", on_delete=models.PROTECT, related_name="change_requests")
    option = models.ForeignKey("catalog.Option", on_delete=models.PROTECT, null=True, related_name="+")
    participant = models.ForeignKey("families.Participant", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    fee_cents = models.PositiveIntegerField(default=0)
    refund_cents = models.PositiveIntegerField(default=0)
    uploads = models.JSONField(default=list, blank=True)
    sealed = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(name="one_change_at_a_time", fields=["registration"], condition=Q(status="asked"))
        ]
