"""What participants and families have taken already, as the rules that count it read it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from tenant_apps.catalog.rules.kind import Case, Circle
from tenant_apps.families.models import Guardianship
from tenant_apps.families.queries import living_together
from tenant_apps.registrations.models import Registration, Status
from tenant_apps.registrations.states import PENDING, TAKING


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
    return with_options(Registration.objects.filter(participant_id__in=people, status__in=TAKING))


def of_family(circle: Circle) -> QuerySet[Registration]:
    """What the guardians of one household took, for whomever; nothing where nobody in particular asks."""
    return with_options(Registration.objects.filter(basket__guardian__in=living_together(circle.guardian_id)))


def confirmed(circle: Circle) -> QuerySet[Registration]:
    """Of the participants, and of all the family: who buys for one of its children may live elsewhere."""
    return with_options(Registration.objects.filter(_is_confirmed(circle)))


def confirmed_or_in_basket(circle: Circle) -> QuerySet[Registration]:
    """As `confirmed`, and what lies in the basket of who asks."""
    in_basket = Q(basket__guardian_id=circle.guardian_id, basket__closed_at=None, status__in=PENDING)
    return with_options(Registration.objects.filter(_is_confirmed(circle) | in_basket))


def _is_confirmed(circle: Circle) -> Q:
    people, family = [participant.id for participant in circle.participants], living_together(circle.guardian_id)
    children = Guardianship.objects.filter(guardian__in=family, is_blocked=False).values("participant")
    own = Q(participant_id__in=people) | Q(participant__in=children) | Q(basket__guardian__in=family)
    return own & Q(status=Status.CONFIRMED)


def with_options(registrations: QuerySet[Registration]) -> QuerySet[Registration]:
    return registrations.select_related("option__offering").order_by("created_at", "id")
