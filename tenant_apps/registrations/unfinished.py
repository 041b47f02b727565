"""A place that support was granted for came to the basket without its form: what the offering asks comes first."""

from collections.abc import Iterable

from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.registrations.models import Registration


def first_of(lines: Iterable[Registration]) -> Registration | None:
    """No query where every line has the answers and the authorization that its offering asks."""
    bare = [line for line in lines if _lacks(line)]
    if not bare:
        return None
    granted = Entitlement.objects.filter(
        kind=Kind.SUPPORT,
        status=Status.GRANTED,
        participant__in=[line.participant_id for line in bare],
        option__in=[line.option_id for line in bare],
    )
    found = set(granted.values_list("participant_id", "option_id"))
    return next((line for line in bare if (line.participant_id, line.option_id) in found), None)


def _lacks(line: Registration) -> bool:
    offering = line.option.offering
    asks_answers = offering.registration_form_id is not None and line.submission_id is None
    return asks_answers or (offering.consent_form_id is not None and line.consent_id is None)
