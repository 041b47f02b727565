"""Files of students and guardians, checked whole before anything is written."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import Row


class Layout(models.TextChoices):
    SIMPLE = "simple", _("Tableau simple (CSV)")
    ONEROSTER = "oneroster", _("OneRoster 1.2 (ZIP de fichiers CSV)")


class State(models.TextChoices):
    CHECKING = "checking", _("Vérification")
    CHECKED = "checked", _("Prêt à importer")
    RUNNING = "running", _("En cours")
    DONE = "done", _("Terminé")
    FAILED = "failed", _("Échoué")
    CANCELLED = "cancelled", _("Annulé")


class ImportRun(Row):
    """`counts`: what is, or was, new, changed, unchanged and refused, by kind of row. `errors`: the first of them, as
    lines.Fault; all of them are in the file at `errors_path`. `doubts`: lines that staff must say whose they are.

    `options`: {"create_establishments", "skip_refused", "decisions": {line key: participant or « new »}}. `source`:
    the file's own words, {"ignored": headings without a meaning}.
    """

    layout = models.CharField(max_length=10, choices=Layout.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=255)
    errors_path = models.CharField(max_length=255, blank=True)
    options = models.JSONField(default=dict)
    source = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    error_count = models.PositiveIntegerField(default=0)
    preview = models.JSONField(default=list)
    begun_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            # Two that write at once could both add the same child.
            models.UniqueConstraint(name="one_import_runs", fields=["state"], condition=models.Q(state="running")),
        ]
