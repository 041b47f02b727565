"""What must be told or sent is a row first, written in the transaction of its cause."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.models import Row


class Event(Row):
    """Something that happened, for the rooms above that listen."""

    kind = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    handled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(name="event_due", fields=["due_at"], condition=models.Q(handled_at=None))]


class MessageStatus(models.TextChoices):
    QUEUED = "queued", _("En attente")
    SENT = "sent", _("Envoyé")
    FAILED = "failed", _("Échec")


class Message(Row):
    """An e-mail. `unique_key` names its cause, so that the same cause never sends twice."""

    unique_key = models.CharField(max_length=200, unique=True)
    recipient = models.EmailField(max_length=254)
    sender_name = models.CharField(max_length=200, blank=True)
    reply_to = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=255)
    text = models.TextField()
    html = models.TextField(blank=True)
    attachments = models.JSONField(default=list)  # [{"name": …, "path": in the organisation's storage, "type": …}]
    status = models.CharField(max_length=10, choices=MessageStatus.choices, default=MessageStatus.QUEUED)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(name="message_due", fields=["due_at"], condition=models.Q(status="queued"))]
