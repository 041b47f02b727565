"""What every table of ours shares."""

from typing import ClassVar

from django.db import models

from kernel import ids


class Row(models.Model):
    """A row known by a random public identifier: a number that counts would tell how many there are."""

    # The database lets an organisation add rows here and never alter them (tenants.roles).
    append_only: ClassVar[bool] = False

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)

    class Meta:
        abstract = True
