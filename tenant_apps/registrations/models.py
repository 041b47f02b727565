"""A participant's claim on an option, the basket it is gathered in, what is waited for, and the count of places."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock, ids
from kernel.models import Row


class Basket(Row):
    """What a guardian, or a guest, is about to take. `closed_at` when all of it was confirmed or let go.

    `promotion`: the promotional code that was typed, as it was typed; whether it says anything is for the prices.
    `help_code`: what the family reads out so that a member of staff may look with them, until `helped_until` (O-21);
    only its keyed hash. `helper`: the account of who used it.
    """

    guardian = models.ForeignKey("families.Guardian", on_delete=models.CASCADE, related_name="baskets")
    created_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    promotion = models.CharField(max_length=40, blank=True)
    help_code = models.CharField(max_length=64, blank=True)
    helped_until = models.DateTimeField(null=True, blank=True)
    helper = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_basket_per_guardian", fields=["guardian"], condition=Q(closed_at=None)
            ),
            models.UniqueConstraint(name="one_basket_per_help_code", fields=["help_code"], condition=~Q(help_code="")),
        ]


class RequestStatus(models.TextChoices):
    WISHED = "wished", _("Souhait")
    WAITING = "waiting", _("En liste d’attente")
    OFFERED = "offered", _("Place proposée")
    TAKEN = "taken", _("Place prise")
    REFUSED = "refused", _("Place refusée")
    LAPSED = "lapsed", _("Sans réponse")
    LEFT = "left", _("Retirée")
    SUPERSEDED = "superseded", _("Un autre souhait obtenu")


class PlaceRequest(Row):
    """Places that a family asks for and does not have: wished before a draw or an opening, or waited for (O-06).

    Its registrations are to be had together, as those of two siblings, or not at all. Of the requests of one `group`,
    which are alternatives in the order of `rank`, one at most is granted.
    A waiting list is served in the order of `queued_at`, then of `drawn`, the rank in a draw.
    """

    guardian = models.ForeignKey("families.Guardian", on_delete=models.PROTECT, related_name="place_requests")
    opening = models.ForeignKey(
        "openings.Opening", on_delete=models.PROTECT, null=True, blank=True, related_name="wishes"
    )
    status = models.CharField(max_length=10, choices=RequestStatus.choices)
    group = models.UUIDField(default=ids.uuid7)
    rank = models.PositiveIntegerField(default=1)
    asked_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    drawn = models.PositiveIntegerField(default=0)
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["queued_at", "drawn", "id"]
        constraints = [
            models.UniqueConstraint(
                name="one_wish_of_each_rank", fields=["group", "rank"], condition=Q(status="wished")
            ),
        ]
        indexes = [
            models.Index(name="request_waiting", fields=["queued_at", "drawn"], condition=Q(status="waiting")),
        ]


class Status(models.TextChoices):
    REQUESTED = "requested", _("Demandée")
    HELD = "held", _("Place gardée")
    AWAITING_PAYMENT = "awaiting_payment", _("En attente de paiement")
    CONFIRMED = "confirmed", _("Confirmée")
    RELEASED = "released", _("Libérée")
    WITHDRAWN = "withdrawn", _("Désinscrite")
    CANCELLED = "cancelled", _("Annulée par l’organisation")


class Registration(Row):
    """`unit_cents` is the option's price, or what a voluntary contributor says; `amount_cents` what is owed for it all,
    taxes included; `quote` every step between the two (catalog.pricing).
    `request`: what it was asked by, as long as it has no place and ever after.
    `replaces`: the confirmed one that is given up once this one is confirmed, as for a week that costs more.
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
    renewals = models.PositiveSmallIntegerField(default=0)  # how often the family kept it longer
    reminded_at = models.DateTimeField(null=True, blank=True)  # told that the hold is about to end (S4-34)
    request = models.ForeignKey(PlaceRequest, on_delete=models.PROTECT, null=True, related_name="registrations")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
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
            models.UniqueConstraint(
                name="one_request_per_participant_and_option",
                fields=["participant", "option"],
                condition=Q(is_single=True, status="requested"),
            ),
        ]
        indexes = [
            models.Index(
                name="registration_lapsing",
                fields=["held_until"],
                condition=Q(status__in=["held", "awaiting_payment"]),
            ),
            models.Index(name="registration_requested", fields=["option"], condition=Q(status="requested")),
        ]


class Places(models.Model):
    """The count of the places of an option, or of a quota that several share, in a narrow table that no foreign key
    points to.

    A foreign key would make every new registration lock the counter's row. `capacity` is null where places are
    unlimited. The check is the promise: a place is never sold twice.
    `set_aside`: free places that are for the waiting list alone.
    `shared`: the quotas that count this option's places too, as the seats of a bus (catalog.Offering.quotas). What is
    taken of a quota is always the sum of what is taken of its options.
    """

    option_id = models.UUIDField(primary_key=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    shared = ArrayField(models.UUIDField(), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="never_more_taken_than_there_are", condition=Q(capacity=None) | Q(taken__lte=F("capacity"))
            ),
            models.CheckConstraint(
                name="only_free_places_are_set_aside",
                condition=Q(set_aside=0) | Q(capacity__gte=F("taken") + F("set_aside")),
            ),
        ]
