"""What one guardian may do for each of their participants, and whose each week is."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from kernel.kept import kept
from tenant_apps.families import custody
from tenant_apps.families.custody import Period
from tenant_apps.families.models import Guardianship, GuardianshipRole

_READ = (
    *("guardian_id", "participant_id", "role", "may_enrol", "may_see_health", "may_pay", "custody"),
    *("guardian__household_id", "guardian__is_billable", "participant__first_name", "participant__used_name"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """`mine` are the weeks of the guardian's household, `others` those of each other guardian who has any."""

    first_name: str = ""
    role: str = GuardianshipRole.PARENT
    may_enrol: bool = True
    may_see_health: bool = True
    may_pay: bool = True
    is_billable: bool = True
    mine: list[Period] = field(default_factory=list)
    others: list[list[Period]] = field(default_factory=list)

    def day_of_others(self, first: date, last: date) -> date | None:
        """The first day that is somebody else's. Weeks that nobody claims are open to all."""
        return custody.taken_by_others(self.mine, self.others, first, last) if self.others else None


def standings_of(guardian_id: UUID) -> dict[UUID, Standing]:
    """By participant, of those whom the guardian may see: one query however many there are."""
    links: dict[UUID, Guardianship] = {}
    settled: dict[UUID, list[Guardianship]] = {}
    for link in _own_and_settled(guardian_id):
        if link.guardian_id == guardian_id:
            links[link.participant_id] = link
        if link.custody:
            settled.setdefault(link.participant_id, []).append(link)
    return {participant: _standing(link, settled.get(participant, [])) for participant, link in links.items()}


def standing_of(guardian_id: UUID, participant_id: UUID) -> Standing | None:
    return standings_of(guardian_id).get(participant_id)


def _own_and_settled(guardian_id: UUID) -> list[Guardianship]:
    """The guardian's own links, and everybody's to the same participants that say whose weeks are whose.

    Only what standings read: asked at each step of a registration, it is one of the most frequent queries of all.
    """
    # Sorted here: in the query, each column that is read would cost as much again.
    return sorted(_links(guardian_id), key=lambda link: link.id)


@kept
def _links(guardian_id: UUID) -> QuerySet[Guardianship]:
    own = Guardianship.objects.filter(guardian_id=guardian_id, is_blocked=False, participant__removed_at=None)
    known = Guardianship.objects.filter(participant_id__in=own.values("participant_id"), is_blocked=False)
    asked = known.filter(Q(guardian_id=guardian_id) | ~Q(custody=[])).select_related("guardian", "participant")
    return asked.only(*_READ)


def _standing(link: Guardianship, settled: list[Guardianship]) -> Standing:
    mine = [period for each in settled if _together(link, each) for period in custody.read(each.custody)]
    return Standing(
        first_name=link.participant.shown_name,
        role=link.role,
        may_enrol=link.may_enrol,
        may_see_health=link.may_see_health,
        may_pay=link.may_pay,
        is_billable=link.guardian.is_billable,
        mine=mine,
        others=[custody.read(each.custody) for each in settled if not _together(link, each)],
    )


def _together(one: Guardianship, other: Guardianship) -> bool:
    """Who lives in one household has the same weeks."""
    if one.guardian_id == other.guardian_id:
        return True
    household = one.guardian.household_id
    return household is not None and household == other.guardian.household_id
