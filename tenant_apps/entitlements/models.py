"""What staff granted a family on proof or on request: residence, income, subsidy, approval, support."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.models import Row


class Kind(models.TextChoices):
    RESIDENCE = "residence", _("Preuve de résidence")
    INCOME = "income", _("Preuve de revenu")
    SUBSIDY = "subsidy", _("Aide financière")
    APPROVAL = "approval", _("Demande d’approbation")
    SUPPORT = "support", _("Demande de soutien")


class Status(models.TextChoices):
    ASKED = "asked", _("À l’étude")
    GRANTED = "granted", _("Acceptée")
    REFUSED = "refused", _("Refusée")
    WITHDRAWN = "withdrawn", _("Retirée")


class Entitlement(Row):
    """One request of one guardian, and what became of it.

    `key`: which one of its kind: a residence class, an income band, a subsidy (organisation.prices); else empty.
    `participant` is null for what the whole household has; `offering` and `option` say what an approval or a
    support-needs request is for.
    `uploads`: the identifiers of the proofs (forms.Upload), sealed files that only who decides may open.
    `sealed`: the family's words, the helper ratio, the note on the decision (shared_apps.vault).
    Holds from `valid_from_on` to `valid_until_on`, that day included; null is without an end.
    """

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=40, blank=True)
    guardian = models.ForeignKey("families.Guardian", on_delete=models.PROTECT, related_name="entitlements")
    participant = models.ForeignKey(
        "families.Participant", on_delete=models.PROTECT, null=True, related_name="entitlements"
    )
    offering = models.ForeignKey("catalog.Offering", on_delete=models.PROTECT, null=True, related_name="+")
    option = models.ForeignKey("catalog.Option", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    valid_from_on = models.DateField(null=True, blank=True)
    valid_until_on = models.DateField(null=True, blank=True)
    uploads = models.JSONField(default=list, blank=True)
    sealed = models.BinaryField(null=True)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_request_at_a_time",
                fields=["kind", "key", "guardian", "participant", "offering", "option"],
                condition=Q(status="asked"),
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(name="entitlement_granted", fields=["guardian"], condition=Q(status="granted"))]
