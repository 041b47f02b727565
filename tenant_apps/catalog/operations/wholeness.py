"""What is published stays whole: a change may leave it no worse than it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from tenant_apps.catalog import readiness
from tenant_apps.catalog.errors import NotReady
from tenant_apps.catalog.models import Offering, Status
from tenant_apps.catalog.readiness import Lack
from tenant_apps.organisation import queries as organisation


@contextmanager
def kept(offering: Offering, *, at: datetime) -> Iterator[None]:
    """Around a change. Raises NotReady for what the change would take away from families."""
    before = set(of(offering, at=at)) if offering.status == Status.PUBLISHED else None
    yield
    if before is not None and (new := [lack for lack in of(offering, at=at) if lack not in before]):
        raise NotReady(new)


def of(offering: Offering, *, at: datetime) -> list[Lack]:
    profile = organisation.profile()
    return readiness.lacks(offering, at=at, zone=profile.zone)
