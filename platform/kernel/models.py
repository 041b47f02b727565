"""What every table of ours shares."""

from django.db import models

from kernel import ids


class Row(models.Model):
    """A row known by a random public identifier: a number that counts would tell how many there are."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)

    class Meta:
        abstract = True
