"""An offering's options as its page lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.catalog import reasons
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Reason


@dataclass(frozen=True)
class Shown:
    """`left` is None where places are unlimited; `reason` says why this option alone cannot be taken."""

    option: Option
    left: int | None
    reason: Reason | None

    @property
    def is_full(self) -> bool:
        return self.left == 0


def of_offering(offering: Offering, *, left: Mapping[UUID, int | None], at: datetime, zone: ZoneInfo) -> list[Shown]:
    return [_shown(option, left.get(option.id), at=at, zone=zone) for option in offering.options.all()]


def _shown(option: Option, left: int | None, *, at: datetime, zone: ZoneInfo) -> Shown:
    against = reasons.of_option(option, at=at, zone=zone)
    return Shown(option=option, left=left, reason=against[0] if against else None)
