"""Money in and money out, what is due later, and the receipts for it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.models import Row


class Status(models.TextChoices):
    STARTED = "started", _("Commencé")
    PROCESSING = "processing", _("En traitement")
    SUCCEEDED = "succeeded", _("Encaissé")
    CANCELLED = "cancelled", _("Abandonné")
    FAILED = "failed", _("Refusé")


class Means(models.TextChoices):
    """How money comes in. CREDIT is the family's own, kept with the organisation."""

    ONLINE = "online", _("En ligne")
    CREDIT = "credit", _("Crédit familial")
    CASH = "cash", _("Espèces")
    CHEQUE = "cheque", _("Chèque")
    TERMINAL = "terminal", _("Terminal")
    TRANSFER = "transfer", _("Virement")


class Payment(Row):
    """One attempt to pay of one order: a page of the processor, a card it keeps, or money that staff received.

    `amount_cents` is what it takes off what is owed. `rounding_cents`: what was received beyond it in coins, or less.
    A started one of the family's credit is what of the credit is reserved for the order (S4-44).
    `reference`: what shows that it came, as the number of a cheque; `received_on`, `recorded_by`: of what staff took.
    `deposit`: the number of the slip by which it went to the bank, in the payee's own series.
    `dispute`: {"id", "status", "cents", "due_on", "others"}, once the payer's bank contests it; it may more than once.
    """

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="payments")
    attempt = models.PositiveIntegerField()
    means = models.CharField(max_length=10, choices=Means.choices, default=Means.ONLINE)
    amount_cents = models.PositiveIntegerField()
    rounding_cents = models.SmallIntegerField(default=0)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.STARTED)
    session_id = models.CharField(max_length=255, null=True, unique=True)
    intent_id = models.CharField(max_length=255, blank=True)
    method = models.CharField(max_length=60, blank=True)  # « Visa •••• 4242 », as on the receipt
    page_url = models.URLField(max_length=1000, blank=True)
    # On the processor's word: nobody can pay on the page any more. Until then it is asked after.
    is_page_closed = models.BooleanField(default=False)
    reference = models.CharField(max_length=60, blank=True)
    received_on = models.DateField(null=True, blank=True)
    recorded_by = models.UUIDField(null=True, blank=True)
    deposit = models.PositiveIntegerField(null=True, blank=True)
    dispute = models.JSONField(default=dict, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(name="one_payment_per_attempt", fields=["order", "attempt"]),
            models.UniqueConstraint(
                name="one_live_payment_per_order",
                fields=["order"],
                condition=Q(status__in=["started", "processing"], means="online"),
            ),
            models.UniqueConstraint(
                name="one_credit_reserved_per_order", fields=["order"], condition=Q(status="started", means="credit")
            ),
        ]

    @property
    def receipt(self) -> "Receipt | None":
        """The one that stands: what it corrects stays, and is no longer it."""
        receipts = sorted(self.receipts.all(), key=lambda receipt: receipt.number)
        return receipts[-1] if receipts else None


class InstalmentStatus(models.TextChoices):
    DUE = "due", _("À venir")
    CHARGING = "charging", _("Prélèvement en cours")
    FAILED = "failed", _("Non payé")
    PAID = "paid", _("Payé")
    CANCELLED = "cancelled", _("Annulé")


class Instalment(Row):
    """A part of an order and the day it is due: taken from the card that was kept, or paid by the family itself.

    What is left of those of an order is never more than what the ledger says is owed of it (payments.operations.fit).
    `payment`: the attempt that is under way or that paid it. `try_at`: when the card is asked again; null for never.
    `grace_until`: how long the family has to pay another way, once the card was refused.
    """

    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="instalments")
    position = models.PositiveSmallIntegerField()
    amount_cents = models.PositiveIntegerField()  # as agreed
    left_cents = models.PositiveIntegerField()
    due_on = models.DateField()
    is_automatic = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=InstalmentStatus.choices, default=InstalmentStatus.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=60, blank=True)  # the processor's own code
    grace_until = models.DateField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # that it is coming; later, that the grace is over
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["order", "position"]
        constraints = [
            models.UniqueConstraint(name="one_instalment_per_position", fields=["order", "position"]),
            models.CheckConstraint(name="no_more_left_than_agreed", condition=Q(left_cents__lte=F("amount_cents"))),
        ]
        indexes = [
            models.Index(
                name="instalment_due", fields=["due_on"], condition=Q(status__in=["due", "charging", "failed"])
            )
        ]


class RefundStatus(models.TextChoices):
    DUE = "due", _("À faire")
    PENDING = "pending", _("En cours")
    SUCCEEDED = "succeeded", _("Fait")
    FAILED = "failed", _("Refusé")


class RefundMeans(models.TextChoices):
    """CARD is whatever paid on the processor's page; it does that by itself. Cheques and transfers are for staff."""

    CARD = "card", _("Même moyen de paiement")
    CREDIT = "credit", _("Crédit familial")
    CHEQUE = "cheque", _("Chèque")
    TRANSFER = "transfer", _("Virement")
    CASH = "cash", _("Espèces")


# It begins the reason of what was another order's money: it goes back in the books, and to nobody.
MISPLACED = "misplaced:"


class Refund(Row):
    """`replaces`: the one that failed and that this one does another way.

    `proof`: the number of the cheque, or what names the transfer; `decided_by` who said how.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount_cents = models.PositiveIntegerField()
    reason = models.CharField(max_length=60)
    means = models.CharField(max_length=10, choices=RefundMeans.choices, default=RefundMeans.CARD)
    status = models.CharField(max_length=10, choices=RefundStatus.choices, default=RefundStatus.DUE)
    processor_id = models.CharField(max_length=255, blank=True)
    proof = models.CharField(max_length=60, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    attempts = models.PositiveIntegerField(default=0)
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Late money is refunded once, however many of the three roads to a settlement notice it.
            models.UniqueConstraint(name="one_refund_per_payment_and_reason", fields=["payment", "reason"]),
            models.CheckConstraint(name="a_refund_gives_something", condition=Q(amount_cents__gt=0)),
        ]

    @property
    def is_in_books_alone(self) -> bool:
        """Whether nothing was sent to anybody, so that nothing can come back of it."""
        return self.reason.startswith(MISPLACED)


class Receipt(Row):
    """The proof of one payment. It is never altered: another one corrects it, and says why (F7).

    `words`: {"payer", "address", "note", "is_cancelled"}, what this one says otherwise than the order does.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="receipts")
    payee = models.ForeignKey("organisation.Payee", on_delete=models.PROTECT, related_name="receipts")
    number = models.PositiveIntegerField()
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    reason = models.CharField(max_length=200, blank=True)
    words = models.JSONField(default=dict, blank=True)
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="one_receipt_per_payee_and_number", fields=["payee", "number"]),
            models.UniqueConstraint(
                name="one_first_receipt_per_payment", fields=["payment"], condition=Q(corrects=None)
            ),
        ]
