"""What a registration locks, and in which order.

The basket, the guardianships of its participants, then, where something is counted, the family and the participants;
last of all the counters of places (registrations.places). Two guardians of one child have two baskets: only what both
lock makes the second of them see what the first has taken.
"""

from collections.abc import Collection
from uuid import UUID

from kernel.database import lock
from tenant_apps.families.models import Guardian, Household, Participant
from tenant_apps.registrations.models import Places


def those_who_count(guardian_id: UUID, participant_ids: Collection[UUID]) -> None:
    """From here to the end of the transaction, nothing else is taken by this family or for these participants."""
    households = Household.objects.filter(guardians=guardian_id)
    if not lock(households):
        lock(Guardian.objects.filter(pk=guardian_id))
    lock(Participant.objects.filter(pk__in=participant_ids))


def counters(ids: Collection[UUID]) -> dict[UUID, Places]:
    """The counters of these options, and of the quotas that they share: options first, each kind by its id."""
    shared = Places.objects.filter(shared__overlap=list(ids)).values_list("shared", flat=True)
    asked_for = {quota_id for row in shared for quota_id in row}.intersection(ids)
    options = lock(Places.objects.filter(pk__in=set(ids) - asked_for))
    quotas = {quota_id for row in options for quota_id in row.shared} | asked_for
    return {row.option_id: row for row in (*options, *(lock(Places.objects.filter(pk__in=quotas)) if quotas else ()))}
