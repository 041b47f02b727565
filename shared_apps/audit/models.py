"""The trail of what was done, by whom and when. It is only ever added to."""

from django.db import models

from kernel.models import Row


class Entry(Row):
    append_only = True
    effaced = {"actor_label": "", "details": {}}

    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200, blank=True)
    action = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    subject_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(name="audit_by_subject", fields=["subject", "subject_id", "at"]),
            models.Index(name="audit_of_health_read", fields=["at"], condition=models.Q(action="health.read")),
        ]
