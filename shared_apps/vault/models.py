"""The keys that an organisation's health answers and national numbers are encrypted with."""

from django.db import models

from kernel import clock
from kernel.models import Row


class DataKey(Row):
    """`wrapped`: the key itself, encrypted by the platform's. Without its row, what it encrypted is gone for good.

    The newest key encrypts; the others only decrypt, until a rotation has replaced what they encrypted.
    """

    number = models.PositiveIntegerField(unique=True)
    wrapped = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    retired_at = models.DateTimeField(null=True, blank=True)
