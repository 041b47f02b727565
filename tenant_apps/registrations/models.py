"""A participant's claim on an option, the basket it is gathered in, and the count of places taken."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import Row


class Basket(Row):
    """What a guardian, or a guest, is about to take. `closed_at` when all of it was confirmed or let go.

    `promotion`: the promotional code that was typed, as it was typed; whether it says anything is for the prices.
    """

    guardian = models.ForeignKey("families.Guardian", on_delete=models.CASCADE, related_name="baskets")
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    promotion = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_basket_per_guardian", fields=["guardian"], condition=Q(closed_at=None)
            )
        ]


class Status(models.TextChoices):
    HELD = "held", _("Place gardée")
    AWAITING_PAYMENT = "awaiting_payment", _("En attente de paiement")
    CONFIRMED = "confirmed", _("Confirmée")
    RELEASED = "released", _("Libérée")


class Registration(Row):
    """`unit_cents` is the option's price, or what a voluntary contributor says; `amount_cents` what is owed for it all,
    taxes included; `quote` every step between the two (catalog.pricing).
    """

    basket = models.ForeignKey(Basket, on_delete=models.PROTECT, related_name="registrations")
    participant = models.ForeignKey("families.Participant", on_delete=models.PROTECT, related_name="registrations")
    option = models.ForeignKey("catalog.Option", on_delete=models.PROTECT, related_name="registrations")
    quantity = models.PositiveIntegerField(default=1)
    unit_cents = models.PositiveIntegerField()
    amount_cents = models.PositiveIntegerField()
    quote = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.HELD)
    # One claim at a time where taking the option twice means nothing (a week, a group); articles may be ordered again.
    is_single = models.BooleanField(default=True)
    held_until = models.DateTimeField()
    extended_at = models.DateTimeField(null=True, blank=True)  # starting to pay extends a hold once
    contact_email = models.EmailField()
    submission = models.ForeignKey(
        "forms.Submission", on_delete=models.PROTECT, null=True, related_name="registrations"
    )
    consent = models.ForeignKey("forms.Submission", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(name="registration_takes_something", condition=Q(quantity__gt=0)),
            models.UniqueConstraint(
                name="one_claim_per_participant_and_option",
                fields=["participant", "option"],
                condition=Q(is_single=True, status__in=["held", "awaiting_payment", "confirmed"]),
            ),
        ]
        indexes = [
            models.Index(
                name="registration_lapsing",
                fields=["held_until"],
                condition=Q(status__in=["held", "awaiting_payment"]),
            )
        ]


class Places(models.Model):
    """The count of an option's places, in a narrow table that no foreign key points to.

    A foreign key would make every new registration lock the counter's row. `capacity` is null where places are
    unlimited. The check is the promise: a place is never sold twice.
    """

    option_id = models.UUIDField(primary_key=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="never_more_taken_than_there_are", condition=Q(capacity=None) | Q(taken__lte=F("capacity"))
            )
        ]
