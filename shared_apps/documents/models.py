"""Documents that were made or received, kept in the organisation's private storage."""

from django.db import models

from kernel import clock
from kernel.models import Row


class Document(Row):
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    path = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
