"""How organisations take their data with them, leave, and are brought back to a moment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import Row


class WorkState(models.TextChoices):
    WAITING = "waiting", _("En attente")
    RUNNING = "running", _("En cours")
    DONE = "done", _("Terminé")
    FAILED = "failed", _("Interrompu")
    EXPIRED = "expired", _("Supprimé")


UNDER_WAY = (WorkState.WAITING, WorkState.RUNNING)


class Export(Row):
    """One file with all that an organisation has. `path` is in its own storage; `done` of `total` steps are made.

    `due_at`: until then whoever makes it has it for themselves (kernel.leases); `attempts` says who that is.
    """

    organisation = models.ForeignKey("tenants.Organisation", on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=16, choices=WorkState.choices, default=WorkState.WAITING)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=255, blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_export_at_a_time",
                fields=["organisation"],
                condition=models.Q(state__in=list(UNDER_WAY)),
            )
        ]


class Departure(Row):
    """An organisation's leave: it can only be read from `closes_on`, and is erased on `erases_on`.

    `certificate`: what was there, what was removed and what was looked for afterwards (tenants.leaving).
    """

    organisation = models.ForeignKey("tenants.Organisation", on_delete=models.PROTECT, related_name="departures")
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=clock.now)
    reason = models.TextField(blank=True)
    closes_on = models.DateField()
    erases_on = models.DateField()
    reminded = models.JSONField(default=list)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    erasing_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    certificate = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_departure_at_a_time", fields=["organisation"], condition=models.Q(cancelled_at=None)
            ),
            models.CheckConstraint(
                name="erased_after_closing", condition=models.Q(erases_on__gt=models.F("closes_on"))
            ),
        ]


class Restore(Row):
    """One organisation brought back to `moment`, while the others go on. `report`: what was found and done."""

    organisation = models.ForeignKey("tenants.Organisation", on_delete=models.PROTECT, related_name="restores")
    moment = models.DateTimeField()
    state = models.CharField(max_length=16, choices=WorkState.choices, default=WorkState.WAITING)
    state_before = models.CharField(max_length=16, blank=True)
    asked_by = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    step = models.CharField(max_length=100, blank=True)
    report = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_restore_at_a_time",
                fields=["organisation"],
                condition=models.Q(state__in=list(UNDER_WAY)),
            )
        ]
