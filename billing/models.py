"""The platform's dealings with the payment processor: the accounts of those who are paid, what organisations owe us."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import Row


class ConnectedAccount(Row):
    """An account at the processor that receives an organisation's money, its own or one establishment's.

    `requirements_due`: what the processor still asks, in its words; `requirements`: [{"key", "by": "user" or "stripe",
    "status", "errors": [codes]}], of the same. `deadline_at`: the first moment at which something stops;
    `deadline_told`: the last number of days before it at which staff were told. `opened_at`: when it could take money
    for the first time. `payee`: the id, in the organisation's schema, of who it was opened for. A disconnected one
    takes no money any more, and gives back what it took.
    """

    organisation = models.ForeignKey("tenants.Organisation", on_delete=models.PROTECT, related_name="accounts")
    payee = models.UUIDField(null=True, blank=True)
    processor_id = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=200)
    charges_enabled = models.BooleanField(default=False)
    payouts_enabled = models.BooleanField(default=False)
    requirements_due = models.JSONField(default=list)
    requirements = models.JSONField(default=list)
    deadline_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    deadline_told = models.PositiveSmallIntegerField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    disconnected_at = models.DateTimeField(null=True, blank=True)
    # What the platform keeps of each payment, in hundredths of a per cent; never shown to a family.
    fee_basis_points = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_account_per_payee",
                fields=["organisation", "payee"],
                condition=models.Q(payee__isnull=False, disconnected_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_disconnected(self) -> bool:
        return self.disconnected_at is not None


class ProcessorEvent(models.Model):
    """The inbox: an event of the processor, stored once before anything is done about it."""

    processor_id = models.CharField(max_length=255, primary_key=True)
    kind = models.CharField(max_length=100)
    account = models.CharField(max_length=255, blank=True)
    payload = models.JSONField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(name="event_to_handle", fields=["due_at"], condition=models.Q(handled_at=None))]


class Plan(models.Model):
    """What an organisation may buy from the platform, written from billing/plans.yaml.

    `names`, `summaries`: {"fr", "en", "nl"}. `prices`: {"cad": {"month": cents, "participant": cents}, "eur": …}: by
    the month, and for each participant beyond `participants`. `limits`: {"staff": n, …}; what is not named is not
    limited. `fee_basis_points`: what the platform keeps of each payment of a family. `processor`: {"cad": {…ids}}.
    """

    code = models.SlugField(max_length=40, primary_key=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_offered = models.BooleanField(default=True)
    names = models.JSONField(default=dict)
    summaries = models.JSONField(default=dict)
    prices = models.JSONField(default=dict)
    participants = models.PositiveIntegerField(default=0)
    fee_basis_points = models.PositiveIntegerField(default=0)
    trial_days = models.PositiveSmallIntegerField(default=30)
    limits = models.JSONField(default=dict)
    processor = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class SubscriptionState(models.TextChoices):
    TRIAL = "trial", _("À l’essai")
    ACTIVE = "active", _("En cours")
    PAST_DUE = "past_due", _("En retard de paiement")
    ENDED = "ended", _("Terminé")


class Collection(models.TextChoices):
    INVOICE = "invoice", _("Sur facture, par virement")
    CARD = "card", _("Par carte, automatiquement")


class Subscription(Row):
    """What an organisation owes the platform, and how it pays. The processor makes the invoices.

    `billing`: {"name", "email", "address": {"line1", "city", "postal_code", "state", "country"}, "tax_number",
    "purchase_order"}. `reminders`: the steps that were told, of the trial or of the debt since `past_due_since`.
    `suspend_after`: until when an operator gave more time. `sold`: {"month", "participant", "included"}, at which the
    processor invoices; empty before there is anything to invoice.
    """

    organisation = models.OneToOneField("tenants.Organisation", on_delete=models.PROTECT, related_name="subscription")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="subscriptions")
    state = models.CharField(max_length=16, choices=SubscriptionState.choices, default=SubscriptionState.TRIAL)
    collection = models.CharField(max_length=16, choices=Collection.choices, default=Collection.INVOICE)
    currency = models.CharField(max_length=3)
    trial_until = models.DateTimeField(null=True, blank=True)
    period_start = models.DateTimeField(null=True, blank=True)
    period_end = models.DateTimeField(null=True, blank=True)
    billing = models.JSONField(default=dict)
    customer_id = models.CharField(max_length=255, blank=True)
    processor_id = models.CharField(max_length=255, blank=True)
    card = models.CharField(max_length=80, blank=True)
    sold = models.JSONField(default=dict)
    past_due_since = models.DateTimeField(null=True, blank=True)
    reminders = models.JSONField(default=list)
    suspend_after = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    checked_at = models.DateTimeField(null=True, blank=True)


class InvoiceState(models.TextChoices):
    OPEN = "open", _("À payer")
    PAID = "paid", _("Payée")
    VOID = "void", _("Annulée")
    UNCOLLECTIBLE = "uncollectible", _("Irrécouvrable")


class Invoice(Row):
    """One invoice of the platform to an organisation, as the processor has it. Amounts in cents."""

    organisation = models.ForeignKey("tenants.Organisation", on_delete=models.PROTECT, related_name="invoices")
    processor_id = models.CharField(max_length=255, unique=True)
    number = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=16, choices=InvoiceState.choices, default=InvoiceState.OPEN)
    currency = models.CharField(max_length=3)
    net_cents = models.BigIntegerField(default=0)
    tax_cents = models.BigIntegerField(default=0)
    total_cents = models.BigIntegerField(default=0)
    due_cents = models.BigIntegerField(default=0)
    lines = models.JSONField(default=list)
    period_start = models.DateTimeField(null=True, blank=True)
    period_end = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    page_url = models.TextField(blank=True)
    pdf_url = models.TextField(blank=True)


class Usage(Row):
    """What an organisation used on one day of its own. `sent_at`: when the processor's meter was told.

    `participants`: those who took part for the first time in the month; `volume_cents`: what families paid.
    """

    organisation = models.ForeignKey("tenants.Organisation", on_delete=models.CASCADE, related_name="usage")
    day = models.DateField()
    participants = models.PositiveIntegerField(default=0)
    transactions = models.PositiveIntegerField(default=0)
    volume_cents = models.BigIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_usage_a_day", fields=["organisation", "day"])]
