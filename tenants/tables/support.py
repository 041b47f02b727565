"""Leave that an organisation gives the platform's staff to look at its workplace."""

from datetime import timedelta

from django.db import models
from django.db.models import F

from kernel import clock
from kernel.models import Row

LONGEST = timedelta(hours=8)


class SupportGrant(Row):
    """For one ticket, until `ends_at`. Names are masked unless the organisation `shows_names`; health always is.

    `granted_by` is a member of the organisation's staff, `ended_by` whoever ended it before its time.
    """

    organisation = models.ForeignKey("tenants.Organisation", on_delete=models.CASCADE, related_name="support_grants")
    ticket = models.CharField(max_length=60)
    reason = models.TextField()
    shows_names = models.BooleanField(default=False)
    granted_by = models.CharField(max_length=200)
    granted_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="support_ends_the_same_day",
                condition=models.Q(ends_at__gt=F("granted_at")) & models.Q(ends_at__lte=F("granted_at") + LONGEST),
            )
        ]
        indexes = [models.Index(name="support_grant_open", fields=["organisation", "ends_at"])]
