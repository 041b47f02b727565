"""What is published stays whole: a change may leave it no worse than it was."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from tenant_apps.catalog import readiness
from tenant_apps.catalog.errors import NotReady
from tenant_apps.catalog.models import Offering, Option, Status
from tenant_apps.catalog.readiness import Lack
from tenant_apps.organisation import queries as organisation


@contextmanager
def kept(
    offering: Offering, *, at: datetime, every: Iterable[Option] | None = None, zone: ZoneInfo | None = None
) -> Iterator[None]:
    """Around a change. Raises NotReady for what the change would take away from families.

    `every`: its options, where they are not written yet; `zone` is the organisation's, where it is known already.
    """
    is_shown = offering.status == Status.PUBLISHED
    before = set(of(offering, at=at, every=every, zone=zone)) if is_shown else set()
    yield
    if is_shown and (new := [lack for lack in of(offering, at=at, every=every, zone=zone) if lack not in before]):
        raise NotReady(new)


def of(
    offering: Offering, *, at: datetime, every: Iterable[Option] | None = None, zone: ZoneInfo | None = None
) -> list[Lack]:
    return readiness.lacks(offering, at=at, zone=zone or organisation.profile().zone, every=every)
