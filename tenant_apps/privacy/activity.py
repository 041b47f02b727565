"""When what somebody registered for is over."""

from typing import Any

from django.db.models import DateField, QuerySet
from django.db.models.functions import Cast, Coalesce

from tenant_apps.registrations.models import Registration


def dated(registrations: QuerySet[Registration]) -> QuerySet[Any]:
    """With `last_on`, the last day of what each takes: of its option, else of its offering, else the day it began."""
    return registrations.annotate(
        last_on=Coalesce(
            "option__ends_on",
            "option__starts_on",
            "option__offering__ends_on",
            "option__offering__starts_on",
            Cast("created_at", DateField()),
        )
    )
