"""How many helpers an offering needs, option by option, by the support that was granted (O-11)."""

from collections import Counter
from dataclasses import dataclass
from math import ceil

from django.db.models import Q, QuerySet

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.entitlements import telling
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.entitlements.telling import Said
from tenant_apps.families.models import Participant


@dataclass(frozen=True, slots=True)
class Supported:
    participant: Participant
    said: Said


@dataclass(frozen=True, slots=True)
class Need:
    option: Option
    supported: list[Supported]
    waiting: int

    @property
    def helpers(self) -> int:
        """Children of one ratio share a helper; those of another have theirs. Without a ratio, one for the child."""
        return sum(ceil(number / ratio) for ratio, number in self.by_ratio.items())

    @property
    def by_ratio(self) -> Counter[int]:
        return Counter(each.said.ratio or 1 for each in self.supported)


def needs(offering: Offering, children: QuerySet[Participant]) -> list[Need]:
    """Of the children that the reader knows, in three queries."""
    live = Q(status=Status.GRANTED) | Q(status=Status.ASKED)
    asked = Entitlement.objects.filter(live, kind=Kind.SUPPORT, offering=offering, participant__in=children)
    found = list(asked.select_related("participant").order_by("participant__search_text", "id"))
    return [_need(option, [each for each in found if each.option_id == option.id]) for option in offering.options.all()]


def _need(option: Option, found: list[Entitlement]) -> Need:
    granted = [each for each in found if each.status == Status.GRANTED and each.participant is not None]
    return Need(
        option=option,
        supported=[Supported(each.participant, telling.said(each)) for each in granted if each.participant],
        waiting=len(found) - len(granted),
    )
