"""An offering's options as its page lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.reasons import Code, Reason
from tenant_apps.families.models import Participant

FOR_OTHERS = frozenset({Code.WRONG_LEVEL, Code.WRONG_ESTABLISHMENT, Code.TOO_YOUNG, Code.TOO_OLD})


@dataclass(frozen=True)
class Shown:
    """`left` is None where places are unlimited; `reason` says why this option alone cannot be taken."""

    option: Option
    left: int | None
    reason: Reason | None

    @property
    def is_full(self) -> bool:
        return self.left == 0

    @property
    def is_for_others(self) -> bool:
        """Another age's, another school's: explained, and not offered."""
        return self.reason is not None and self.reason.code in FOR_OTHERS

    @property
    def unit_cents(self) -> int:
        return self.option.price_cents


def of_offering(
    offering: Offering,
    *,
    left: Mapping[UUID, int | None],
    known: Eligibility,
    participant: Participant | None = None,
) -> list[Shown]:
    """`participant` is who is chosen, once one is. What was taken off the offer is not shown at all."""
    return [
        Shown(option, left.get(option.id), next(iter(known.of_option(option, participant)), None))
        for option in offering.options.all()
        if option.is_offered
    ]
