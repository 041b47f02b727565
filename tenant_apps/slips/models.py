"""What families show to the tax office of what they paid: drawn from the ledger, numbered, corrected with a trace."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.models import Row


class SlipKind(models.TextChoices):
    CHILDCARE = "childcare", _("Reçu fédéral pour frais de garde")
    RL24 = "rl24", _("Relevé 24 (état non officiel)")
    FORM_281_86 = "281.86", _("Attestation 281.86")


class Version(models.TextChoices):
    """R, A and D of the tax offices (R-05)."""

    ORIGINAL = "original", _("Original")
    AMENDED = "amended", _("Modifié")
    CANCELLED = "cancelled", _("Annulé")


class Slip(Row):
    """One slip of one payer for one year, as it was given: never altered, amended by another that names it.

    `facts`: the amounts, the days and the periods, by child, with names as they were; `sealed`: the national numbers
    and the address (shared_apps.vault). `number` counts without gaps by payee, kind and year.
    `published_at`: from when the family sees it.
    """

    kind = models.CharField(max_length=10, choices=SlipKind.choices)
    year = models.PositiveSmallIntegerField()
    payee = models.ForeignKey("organisation.Payee", on_delete=models.PROTECT, related_name="slips_given")
    guardian = models.ForeignKey("families.Guardian", on_delete=models.PROTECT, related_name="slips")
    participant = models.ForeignKey("families.Participant", on_delete=models.PROTECT, null=True, related_name="slips")
    number = models.PositiveIntegerField()
    version = models.CharField(max_length=10, choices=Version.choices, default=Version.ORIGINAL)
    amends = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="amended_by")
    total_cents = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-year", "number"]
        constraints = [
            models.UniqueConstraint(name="one_slip_per_number", fields=["payee", "kind", "year", "number"]),
            models.UniqueConstraint(
                name="one_original_slip_per_payer",
                fields=["payee", "kind", "year", "guardian", "participant"],
                condition=Q(version="original"),
                nulls_distinct=False,
            ),
        ]
