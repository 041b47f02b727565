"""What every table of ours shares."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models

from kernel import ids


class Row(models.Model):
    """A row known by a random public identifier: a number that counts would tell how many there are."""

    # The database lets an organisation add rows here and never alter them (tenants.roles).
    append_only: ClassVar[bool] = False
    # Columns of such a table that are emptied when a person is forgotten, and what they then hold (tenants.effacing).
    effaced: ClassVar[Mapping[str, Any]] = {}

    id = models.UUIDField(primary_key=True, default=ids.uuid7, editable=False)

    class Meta:
        abstract = True
