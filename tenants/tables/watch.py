"""What operators watch: figures that each organisation's own tasks leave here, never asked across schemas in a page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock


class MigrationState(models.TextChoices):
    BEHIND = "behind", _("En retard")
    RUNNING = "running", _("En cours")
    DONE = "done", _("À jour")
    FAILED = "failed", _("Échouée")


class SchemaMigration(models.Model):
    """Where one organisation's schema stands with regard to `target`, the migrations of a release (migrations_hash).

    `head`: the last one applied. `backend`: the database session that works at it; when that is gone, so is the work.
    """

    organisation = models.OneToOneField(
        "tenants.Organisation", on_delete=models.CASCADE, primary_key=True, related_name="migration"
    )
    state = models.CharField(max_length=16, choices=MigrationState.choices, default=MigrationState.BEHIND)
    target = models.CharField(max_length=64, blank=True)
    head = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    backend = models.CharField(max_length=60, blank=True)
    error = models.TextField(blank=True)


class Pulse(models.Model):
    """The last figures that an organisation's own task took of it. Numbers alone, no word of a person."""

    organisation = models.OneToOneField(
        "tenants.Organisation", on_delete=models.CASCADE, primary_key=True, related_name="pulse"
    )
    at = models.DateTimeField(default=clock.now)
    figures = models.JSONField(default=dict)


class JobRun(models.Model):
    """The last run of each task in each organisation; without one, on the registry."""

    organisation = models.ForeignKey(
        "tenants.Organisation", on_delete=models.CASCADE, null=True, blank=True, related_name="job_runs"
    )
    task = models.CharField(max_length=200)
    finished_at = models.DateTimeField(null=True, blank=True)
    seconds = models.FloatField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_run_of_a_job", fields=["organisation", "task"], nulls_distinct=False)
        ]


class Fault(models.Model):
    """An error of the program, counted: its kind and place, never its words, which may name a person."""

    organisation = models.ForeignKey(
        "tenants.Organisation", on_delete=models.CASCADE, null=True, blank=True, related_name="faults"
    )
    fingerprint = models.CharField(max_length=64)
    kind = models.CharField(max_length=200)
    place = models.CharField(max_length=300)
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)
    request_id = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_fault_of_a_kind", fields=["organisation", "fingerprint"], nulls_distinct=False
            )
        ]
        indexes = [models.Index(name="fault_by_last", fields=["last_at"])]
