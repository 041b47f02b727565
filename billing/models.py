"""The platform's dealings with the payment processor, across organisations."""

from django.db import models

from kernel import clock
from kernel.models import Row


class ConnectedAccount(Row):
    """An account at the processor that receives an organisation's money, its own or one establishment's."""

    organisation = models.ForeignKey("tenants.Organisation", on_delete=models.PROTECT, related_name="accounts")
    processor_id = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=200)
    charges_enabled = models.BooleanField(default=False)
    requirements_due = models.JSONField(default=list)
    # What the platform keeps of each payment, in hundredths of a per cent; never shown to a family.
    fee_basis_points = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


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
