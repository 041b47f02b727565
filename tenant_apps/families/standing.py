"""What one guardian may do for each of their participants, and whose each week is."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from tenant_apps.families import custody
from tenant_apps.families.custody import Period
from tenant_apps.families.models import Guardianship, GuardianshipRole


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
    """By participant, of those whom the guardian may see: two queries however many there are."""
    links = list(
        Guardianship.objects.filter(guardian_id=guardian_id, is_blocked=False, participant__removed_at=None)
        .select_related("guardian", "participant")
        .order_by("id")
    )
    settled: dict[UUID, list[Guardianship]] = {}
    claims = Guardianship.objects.filter(participant_id__in=[link.participant_id for link in links], is_blocked=False)
    for claim in claims.exclude(custody=[]).select_related("guardian"):
        settled.setdefault(claim.participant_id, []).append(claim)
    return {link.participant_id: _standing(link, settled.get(link.participant_id, [])) for link in links}


def standing_of(guardian_id: UUID, participant_id: UUID) -> Standing | None:
    return standings_of(guardian_id).get(participant_id)


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
