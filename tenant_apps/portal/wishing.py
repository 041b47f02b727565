"""What the pages of wishes ask: whom a wish may be for, what may be wished for, and what is still to be filled in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.catalog.audiences import is_for_others
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Nature, Offering, Option
from tenant_apps.catalog.reasons import Reason
from tenant_apps.catalog.visibility import shown
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.operations import participants
from tenant_apps.openings.models import Opening
from tenant_apps.organisation import queries as organisation
from tenant_apps.portal import registering
from tenant_apps.portal.registering import Entry
from tenant_apps.registrations.lottery import judging, wishes
from tenant_apps.registrations.lottery.gathering import gathering
from tenant_apps.registrations.lottery.queries import Need


@dataclass(frozen=True)
class Offered:
    """What opens together, as these children may wish for it."""

    offerings: Sequence[Offering]
    children: Sequence[Participant]
    known: Eligibility

    def options_for(self, child: Participant) -> list[Option]:
        """All that is not for others: what can be mended is listed, with what to do."""
        return [
            option
            for offering in self.offerings
            for option in offering.options.all()
            if option.is_offered and not option.is_voluntary and not is_for_others(self._against(option, child))
        ]

    def reasons_for(self, child: Participant) -> list[Reason]:
        """What stands against all that the child could wish for, and is to be put right first."""
        found = [self._against(option, child) for option in self.options_for(child)]
        return [reason for reason in found[0] if all(reason in each for each in found)] if found else []

    def _against(self, option: Option, child: Participant) -> list[Reason]:
        return judging.lasting(self.known.against(option, child))


def offered(opening: Opening, guardian: Guardian, children: Sequence[Participant], *, at: datetime) -> Offered:
    offerings = list(offerings_of(opening, at=at).prefetch_related("options"))
    for offering in offerings:
        for option in offering.options.all():
            option.offering = offering
    zone = organisation.profile().zone
    known = Eligibility.of(offerings, children, guardian_id=guardian.id, at=at, zone=zone)
    return Offered(offerings, children, known)


def offerings_of(opening: Opening, *, at: datetime) -> QuerySet[Offering]:
    found = Offering.objects.filter(shown(at=at), opening=opening).exclude(nature=Nature.CONSENT)
    return found.select_related("season", "category").order_by("title")


@dataclass(frozen=True)
class Sheet:
    """What one offering asks about one child, once for all the wishes."""

    child: Participant
    offering: Offering
    is_filled_in: bool


class Sheets:
    """What is to be filled in before the opening, so that nothing is typed at it."""

    def __init__(self, needs: Iterable[Need]) -> None:
        lines = [line for need in needs if need.is_wished for choice in need.choices for line in choice.lines]
        self._lines = [line for line in lines if _asks(line.option.offering)]

    @cached_property
    def every(self) -> list[Sheet]:
        found: dict[tuple[UUID, UUID], Sheet] = {}
        for line in self._lines:
            offering = line.option.offering
            is_filled_in = not (
                (offering.registration_form_id and not line.submission_id)
                or (offering.consent_form_id and not line.consent_id)
            )
            found.setdefault((line.participant_id, offering.id), Sheet(line.participant, offering, is_filled_in))
        return list(found.values())

    @property
    def missing(self) -> list[Sheet]:
        return [sheet for sheet in self.every if not sheet.is_filled_in]


@operation
def fill_in(
    *,
    opening_id: UUID,
    guardian: Guardian,
    participant: Participant,
    offering_id: UUID,
    entry: Entry,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep the answers and the signature with the wishes. A refusal withdraws the wishes that ask the child's « yes ».

    Raises what `registering.register` raises.
    """
    gathering(opening_id, at=at)
    if entry.version is not None:
        participants.complete_participant(
            guardian_id=guardian.id,
            participant_id=participant.id,
            identity=entry.identity,
            answers=entry.answers,
            actor=actor,
            at=at,
        )
    consent_id = registering.signed(guardian, participant, entry.signature, actor=actor, at=at)
    if entry.signature is not None and entry.signature.is_refusal:
        wishes.withdraw_all_for(
            opening_id=opening_id,
            guardian_id=guardian.id,
            participant_id=participant.id,
            offering_id=offering_id,
            actor=actor,
            at=at,
        )
        return
    wishes.fill_in(
        opening_id=opening_id,
        guardian_id=guardian.id,
        participant_id=participant.id,
        offering_id=offering_id,
        submission_id=registering.submitted(guardian, participant, entry, actor=actor, at=at),
        consent_id=consent_id,
    )


def _asks(offering: Offering) -> bool:
    return bool(offering.registration_form_id or offering.consent_form_id)
