"""The opening of registrations that many want at once: a waiting room, or a draw among wishes (O-03)."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from kernel import ids
from kernel.models import Row
from kernel.words import Translated


class Mode(models.TextChoices):
    QUEUE = "queue", _("File d’attente")
    LOTTERY = "lottery", _("Tirage au sort")


class Opening(Translated, Row):
    """The instant at which offerings open (catalog.Offering.opening), and how those who come at once take their turn.

    `gathers_from`: from then on families join the waiting room, or say their wishes; a draw takes wishes until
    `opens_at`. `ended_at`: from then on everybody registers without a pass.
    `seed` makes the order, and is secret until `drawn_at`; what is published before is its SHA-256.
    A draw of wishes is asked for at `draw_asked_at`, and done by a worker; `draw_failed_at` where it could not be.
    `last_position` counts the positions given; those up to `admitted` have been called, `rate` of them a second.
    `terms`: {"at_once", "most_per_second", "pass_minutes", "counter_share", "confirm_hours", "priorities":
    [{"name": words, "rules": [rule]}]}, each with a default (openings.terms); "before_pause" where it is stopped.
    """

    name = models.CharField(max_length=120)
    translations = models.JSONField(default=dict, blank=True)  # {"en": {"name"}}
    mode = models.CharField(max_length=8, choices=Mode.choices)
    gathers_from = models.DateTimeField()
    opens_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    terms = models.JSONField(default=dict, blank=True)
    seed = models.CharField(max_length=64, default=ids.token, editable=False)
    draw_asked_at = models.DateTimeField(null=True, blank=True)
    draw_failed_at = models.DateTimeField(null=True, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    last_position = models.PositiveIntegerField(default=0)
    admitted = models.PositiveIntegerField(default=0)
    admitted_at = models.DateTimeField(null=True, blank=True)
    rate = models.FloatField(default=0)

    class Meta:
        ordering = ["opens_at", "name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="opening_name"),
            models.CheckConstraint(
                name="families_gather_before_it_opens", condition=Q(gathers_from__lte=F("opens_at"))
            ),
            models.CheckConstraint(
                name="only_given_positions_are_admitted", condition=Q(admitted__lte=F("last_position"))
            ),
        ]

    def __str__(self) -> str:
        return self.shown("name")


class Channel(models.TextChoices):
    WEB = "web", _("En ligne")
    COUNTER = "counter", _("Au comptoir ou par téléphone")


class Ticket(Row):
    """One family's turn in a waiting room. `position` is null until it is drawn.

    `family`: the household of the guardian who took it, or that guardian where there is none: one turn for each.
    `called_at` when its turn came; its pass, once used, lasts until `pass_until`; `done_at` once it has what it came
    for, and another may be called in its place.
    `is_given_up`: it gave up a position that was drawn, or let its pass run out: without a position it waits no more,
    and comes back at the end alone.
    """

    opening = models.ForeignKey(Opening, on_delete=models.CASCADE, related_name="tickets")
    guardian = models.ForeignKey("families.Guardian", on_delete=models.CASCADE, related_name="tickets")
    family = models.UUIDField()
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.WEB)
    joined_at = models.DateTimeField()
    position = models.PositiveIntegerField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    is_given_up = models.BooleanField(default=False)
    pass_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "joined_at", "id"]
        constraints = [
            models.UniqueConstraint(name="one_ticket_per_family", fields=["opening", "family"]),
            models.UniqueConstraint(name="one_ticket_per_position", fields=["opening", "position"]),
        ]
        indexes = [models.Index(name="tickets_of_a_family", fields=["family"])]
