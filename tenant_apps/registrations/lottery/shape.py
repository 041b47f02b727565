"""What a wish must look like: its choices, each once, of this opening, and new."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Participant
from tenant_apps.openings.models import Opening
from tenant_apps.registrations import making
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.lottery import errors
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus, Status

MOST_CHOICES = 5
MOST_WISHES = 30


def check_choices(choices: Sequence[Sequence[Claim]]) -> None:
    if not choices or not all(choices):
        raise errors.NothingWished
    if len(choices) > MOST_CHOICES:
        raise errors.TooManyChoices(most=MOST_CHOICES)


def options_of(opening: Opening, claims: Sequence[Claim]) -> dict[UUID, Option]:
    """Raises NotInOpening."""
    found = making.options_of(claims)
    for option in found.values():
        if option.offering.opening_id != opening.id or option.is_voluntary:
            raise errors.NotInOpening(name=option.shown("name"))
    if not {claim.option_id for claim in claims} <= found.keys():
        raise errors.NotInOpening(name="…")
    return found


def check_once(
    choices: Sequence[Sequence[Claim]], options: Mapping[UUID, Option], participants: Mapping[UUID, Participant]
) -> None:
    wished = set()
    for choice in choices:
        children = set()
        for claim in choice:
            child = participants[claim.participant_id].shown_name
            if claim.participant_id in children:
                raise errors.OnceForEach(child=child)
            children.add(claim.participant_id)
            if (claim.participant_id, claim.option_id) in wished:
                raise errors.ChosenTwice(name=options[claim.option_id].shown("name"), child=child)
            wished.add((claim.participant_id, claim.option_id))


def check_new(
    claims: Iterable[Claim], options: Mapping[UUID, Option], participants: Mapping[UUID, Participant]
) -> None:
    asked = Registration.objects.filter(participant_id__in=participants, option_id__in=options, status=Status.REQUESTED)
    known = set(asked.values_list("participant_id", "option_id"))
    for claim in claims:
        if (claim.participant_id, claim.option_id) in known:
            child = participants[claim.participant_id].shown_name
            raise errors.WishedAlready(name=options[claim.option_id].shown("name"), child=child)


def check_room(opening_id: UUID, guardian_id: UUID) -> None:
    own = PlaceRequest.objects.filter(opening_id=opening_id, guardian_id=guardian_id, status=RequestStatus.WISHED)
    if own.values("group").order_by().distinct().count() >= MOST_WISHES:
        raise errors.TooManyWishes(most=MOST_WISHES)
