"""What the bank and the processor say of our money, where our own books must say the same."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.models import Row


class Book(models.TextChoices):
    BANK = "bank", _("Extrait bancaire")
    PROCESSOR = "processor", _("Processeur de paiement")


class LineStatus(models.TextChoices):
    OPEN = "open", _("À traiter")
    MATCHED = "matched", _("Rapprochée")
    EXPLAINED = "explained", _("Expliquée")


class StatementLine(Row):
    """One line of a bank statement, or one difference with the processor's books: open until somebody has seen to it.

    `reference` is theirs, unique in their book for a payee, so that the same file or the same check adds nothing twice.
    `cents` is what they say, money in above zero; `expected_cents` what our ledger says, null where it says nothing.
    `communication` and `counterparty`: the words and the name of a transfer.
    `payment`: what the line was entered as; `owner`: the member of staff who sees to it; `note`: how it was explained.
    `known_as`: of a bank line, the cause under which the ledger had its money already, as a deposit.
    """

    book = models.CharField(max_length=10, choices=Book.choices)
    payee = models.ForeignKey("organisation.Payee", on_delete=models.PROTECT, related_name="statement_lines")
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=120)
    booked_on = models.DateField()
    cents = models.BigIntegerField()
    expected_cents = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    communication = models.CharField(max_length=300, blank=True)
    counterparty = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=10, choices=LineStatus.choices, default=LineStatus.OPEN)
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, null=True, related_name="+")
    known_as = models.CharField(max_length=120, blank=True)
    owner = models.UUIDField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-booked_on", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_statement_line_per_reference", fields=["book", "payee", "kind", "reference"]
            ),
            models.UniqueConstraint(
                name="one_statement_line_per_cause", fields=["known_as"], condition=~Q(known_as="")
            ),
        ]
        indexes = [models.Index(name="statement_line_open", fields=["booked_on"], condition=Q(status="open"))]
