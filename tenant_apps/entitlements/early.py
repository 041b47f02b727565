"""Who need not wait for the opening: a child whose support was granted finishes what it was granted for (O-11)."""

from collections.abc import Sequence

from kernel import clock
from tenant_apps.catalog.eligibility import Early
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.rules.kind import Circle
from tenant_apps.entitlements.holding import holds
from tenant_apps.entitlements.models import Entitlement, Kind, Status


def supported(offerings: Sequence[Offering], circle: Circle) -> Early:
    """In one query, and in none where no offering takes such requests."""
    asked = [offering.id for offering in offerings if offering.support]
    if not asked:
        return frozenset()
    people = [participant.id for participant in circle.participants]
    granted = Entitlement.objects.filter(
        kind=Kind.SUPPORT, status=Status.GRANTED, offering__in=asked, participant__in=people
    )
    today = clock.local_date(circle.at, circle.zone)
    return {
        (each.participant_id, each.offering_id, each.option_id)
        for each in granted.defer("sealed")
        if each.participant_id and each.offering_id and holds(each, today)
    }
