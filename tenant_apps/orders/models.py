"""What is owed to one payee, and the ledger that every balance is read from."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import ids
from kernel.models import Row


class Status(models.TextChoices):
    OPEN = "open", _("À payer")
    SETTLED = "settled", _("Confirmée")
    CANCELLED = "cancelled", _("Annulée")


class Order(Row):
    """`number` counts without gaps per payee; `token` opens the confirmation page to who holds it.

    It is settled once what it sells is had for good; what is still to be paid of it is in the ledger alone.
    `communication`: the ten digits of the structured communication of a transfer (S4-45); empty where none is taken.
    `plan`: the terms it is paid in (payments.terms); `first_cents`: what of it is to be paid before it is settled.
    `card`: {"customer", "method", "label", "expires": "2030-04", "since"}, kept at the processor for what is due later
    (S2-19).
    """

    payee = models.ForeignKey("organisation.Payee", on_delete=models.PROTECT, related_name="orders")
    basket = models.ForeignKey("registrations.Basket", on_delete=models.PROTECT, related_name="orders")
    guardian = models.ForeignKey("families.Guardian", on_delete=models.PROTECT, related_name="orders")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=9, unique=True, default=ids.reference)
    token = models.CharField(max_length=40, unique=True, default=ids.token)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    currency = models.CharField(max_length=3)
    total_cents = models.PositiveIntegerField()
    first_cents = models.PositiveIntegerField()
    plan = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5)
    communication = models.CharField(max_length=10, blank=True)
    card = models.JSONField(default=dict, blank=True)
    placed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-placed_at"]
        constraints = [
            models.UniqueConstraint(name="one_order_per_payee_and_number", fields=["payee", "number"]),
            models.UniqueConstraint(
                name="one_open_order_per_basket_and_payee", fields=["basket", "payee"], condition=Q(status="open")
            ),
            models.UniqueConstraint(
                name="one_order_per_communication", fields=["communication"], condition=~Q(communication="")
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class OrderLine(Row):
    """`amount_cents`: what is owed for it, taxes included; `quote`: the steps from the unit price to it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    registration = models.ForeignKey("registrations.Registration", on_delete=models.PROTECT, related_name="order_lines")
    label = models.CharField(max_length=300)
    participant_name = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit_cents = models.PositiveIntegerField()
    amount_cents = models.PositiveIntegerField()
    quote = models.JSONField(default=dict, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position"]


class Numbering(models.Model):
    """The last number given, by payee and by series (orders, receipts): one conditional update per number."""

    payee = models.ForeignKey("organisation.Payee", on_delete=models.PROTECT)
    series = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_numbering_per_series", fields=["payee", "series"])]


class Account(models.TextChoices):
    RECEIVABLE = "receivable", _("Dû par les familles")
    REVENUE = "revenue", _("Produits")
    TAXES = "taxes", _("Taxes à remettre")
    PROCESSOR = "processor", _("Chez le processeur de paiement")
    CASH = "cash", _("Caisse, à déposer")
    BANK = "bank", _("Banque")
    REFUNDS = "refunds", _("Remboursements à faire")
    CREDIT = "credit", _("Crédits des familles")
    DISPUTES = "disputes", _("Paiements contestés")
    FEES = "fees", _("Frais du processeur")
    PLATFORM_FEES = "platform_fees", _("Frais de la plateforme")
    ROUNDING = "rounding", _("Arrondis et écarts de caisse")
    UNCLAIMED = "unclaimed", _("Sommes à attribuer")
    BETWEEN = "between", _("Entre comptes de paiement")


class Transfer(Row):
    """One row of the ledger: `amount_cents` leaves `credit` for `debit`. Balanced by construction, only ever added to.

    `source` names the cause and is unique, so that the same cause is never entered twice.
    `order` is null for what is about none, as a payout or a deposit; `guardian` is whose credit it moves.
    """

    append_only = True

    debit = models.CharField(max_length=20, choices=Account.choices)
    credit = models.CharField(max_length=20, choices=Account.choices)
    amount_cents = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    payee = models.ForeignKey("organisation.Payee", on_delete=models.PROTECT, related_name="transfers")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="transfers")
    guardian = models.ForeignKey("families.Guardian", on_delete=models.PROTECT, null=True, related_name="+")
    offering = models.ForeignKey("catalog.Offering", on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="a_transfer_moves_something", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(name="a_transfer_has_two_sides", condition=~Q(debit=F("credit"))),
        ]
