"""What families see: published, and from the moment that it says."""

from datetime import datetime

from django.db.models import Q

from tenant_apps.catalog.models import Offering, Status


def shown(*, at: datetime, via: str = "") -> Q:
    """The offerings that `is_shown` says yes to; `via` is the path to them from another model, as « offering__ »."""
    appeared = Q(**{f"{via}publishes_at": None}) | Q(**{f"{via}publishes_at__lte": at})
    return Q(**{f"{via}status": Status.PUBLISHED}) & appeared


def is_shown(offering: Offering, *, at: datetime) -> bool:
    return offering.status == Status.PUBLISHED and (offering.publishes_at is None or offering.publishes_at <= at)
