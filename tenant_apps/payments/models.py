"""Money in and money out, as the processor confirms it, and the receipts for it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.models import Row


class Status(models.TextChoices):
    STARTED = "started", _("Commencé")
    PROCESSING = "processing", _("En traitement")
    SUCCEEDED = "succeeded", _("Encaissé")
    CANCELLED = "cancelled", _("Abandonné")
    FAILED = "failed", _("Refusé")


class Payment(Row):
    """One attempt to pay one order, by one hosted page of the processor."""

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="payments")
    attempt = models.PositiveIntegerField()
    amount_cents = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.STARTED)
    session_id = models.CharField(max_length=255, null=True, unique=True)
    intent_id = models.CharField(max_length=255, blank=True)
    method = models.CharField(max_length=60, blank=True)  # « Visa •••• 4242 », as on the receipt
    page_url = models.URLField(max_length=1000, blank=True)
    # On the processor's word: nobody can pay on the page any more. Until then it is asked after.
    is_page_closed = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(name="one_payment_per_attempt", fields=["order", "attempt"]),
            models.UniqueConstraint(
                name="one_live_payment_per_order",
                fields=["order"],
                condition=Q(status__in=["started", "processing"]),
            ),
        ]


class RefundStatus(models.TextChoices):
    DUE = "due", _("À faire")
    PENDING = "pending", _("En cours")
    SUCCEEDED = "succeeded", _("Fait")
    FAILED = "failed", _("Refusé")


class Refund(Row):
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_cents = models.PositiveIntegerField()
    reason = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=RefundStatus.choices, default=RefundStatus.DUE)
    processor_id = models.CharField(max_length=255, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Late money is refunded once, however many of the three roads to a settlement notice it.
            models.UniqueConstraint(name="one_refund_per_payment_and_reason", fields=["payment", "reason"]),
        ]


class Receipt(Row):
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="receipt")
    payee = models.ForeignKey("organisation.Payee", on_delete=models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_receipt_per_payee_and_number", fields=["payee", "number"])]
