"""What participants and families have taken already, as the rules that count it read it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from tenant_apps.catalog.rules.kind import Case, Circle
from tenant_apps.families.queries import living_together
from tenant_apps.registrations.models import Registration, Status
from tenant_apps.registrations.states import TAKING


@dataclass(frozen=True, slots=True)
class Facts:
    """`replacing`: what the participant would give up for what is asked."""

    taken: Sequence[Registration]
    replacing: Collection[UUID] = ()

    def others(self, case: Case) -> list[Registration]:
        """What stays beside what is asked, of everybody."""
        return [each for each in self.taken if each.participant_id != case.participant.id or self._stays(each, case)]

    def others_of(self, case: Case) -> list[Registration]:
        """What stays beside what is asked, of the participant."""
        return [each for each in self.taken if each.participant_id == case.participant.id and self._stays(each, case)]

    def _stays(self, each: Registration, case: Case) -> bool:
        return each.id not in self.replacing and (case.option is None or each.option_id != case.option.id)


def of_participants(circle: Circle) -> QuerySet[Registration]:
    """Held, about to be paid or confirmed: whoever registered them."""
    people = [participant.id for participant in circle.participants]
    return _with_options(Registration.objects.filter(participant_id__in=people, status__in=TAKING))


def of_family(circle: Circle) -> QuerySet[Registration]:
    """What the guardians of one household took, for whomever; nothing where nobody in particular asks."""
    return _with_options(Registration.objects.filter(basket__guardian__in=living_together(circle.guardian_id)))


def confirmed(circle: Circle) -> QuerySet[Registration]:
    people = [participant.id for participant in circle.participants]
    own = Q(participant_id__in=people) | Q(basket__guardian__in=living_together(circle.guardian_id))
    return _with_options(Registration.objects.filter(own, status=Status.CONFIRMED))


def _with_options(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    return registrations.select_related("option__offering").order_by("created_at", "id")
