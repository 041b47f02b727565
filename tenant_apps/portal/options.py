"""An offering's options as its page lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from tenant_apps.catalog import links, reasons
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Reason
from tenant_apps.families.standing import Standing


@dataclass(frozen=True)
class Shown:
    """`left` is None where places are unlimited; `reason` says why this option alone cannot be taken."""

    option: Option
    left: int | None
    reason: Reason | None

    @property
    def is_full(self) -> bool:
        return self.left == 0


def of_offering(
    offering: Offering,
    *,
    left: Mapping[UUID, int | None],
    at: datetime,
    zone: ZoneInfo,
    standing: Standing | None = None,
) -> list[Shown]:
    """`standing` is what the visitor may do for the participant who is chosen, once one is."""
    return [_shown(option, left.get(option.id), offering, standing, at, zone) for option in offering.options.all()]


def _shown(
    option: Option, left: int | None, offering: Offering, standing: Standing | None, at: datetime, zone: ZoneInfo
) -> Shown:
    against = reasons.of_option(option, at=at, zone=zone) + links.of_turn(option, offering, standing)
    return Shown(option=option, left=left, reason=against[0] if against else None)
