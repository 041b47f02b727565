"""Reads families. What belongs to another family does not exist here."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from kernel.kept import kept, sole_of
from shared_apps.accounts.models import User
from shared_apps.vault import sealing
from tenant_apps.families.models import (
    Guardian,
    Guardianship,
    GuardianshipRole,
    LinkKind,
    LinkRequest,
    LinkStatus,
    Participant,
)

# Where sealed answers are kept (shared_apps.vault): a participant's, and a guardian's.
SEALED = "families.Participant.sealed"
SEALED_OF_GUARDIAN = "families.Guardian.sealed"


def guardian_of(user: User | AnonymousUser) -> Guardian | None:
    if not isinstance(user, User):
        return None
    # The user keeps it: whoever asks again in the same request asks no database.
    return sole_of(user, "guardian", _of_account)


def participants_of(guardian_id: UUID) -> list[Participant]:
    """Whom the guardian may see and has not removed, by name."""
    return _by_name(guardian_id)


@kept
def _of_account(user_id: UUID) -> QuerySet[Guardian]:
    return Guardian.objects.filter(user_id=user_id)


@kept
def _by_name(guardian_id: UUID) -> QuerySet[Participant]:
    return visible_participants(guardian_id).order_by("search_text", "id")


def participant_of(guardian_id: UUID, participant_id: UUID) -> Participant:
    """Raises Participant.DoesNotExist for a removed participant, or another family's."""
    return visible_participants(guardian_id).get(id=participant_id)


def visible_participants(guardian_id: UUID) -> QuerySet[Participant]:
    return Participant.objects.filter(
        guardianships__guardian_id=guardian_id, guardianships__is_blocked=False, removed_at=None
    ).select_related("establishment", "level")


def changeable_by(guardian_id: UUID) -> set[UUID]:
    """The ids of the participants of whom the guardian may say who they are: those whom they may enrol."""
    links = Guardianship.objects.filter(guardian_id=guardian_id, is_blocked=False, may_enrol=True)
    return set(links.values_list("participant_id", flat=True))


def may_change(guardian_id: UUID, participant_id: UUID) -> bool:
    return participant_id in changeable_by(guardian_id)


def hidden_from(guardian_id: UUID) -> QuerySet[Guardianship, UUID]:
    """The ids of the participants from whom the guardian is kept away: nothing of them is shown, wherever it is."""
    return Guardianship.objects.filter(guardian_id=guardian_id, is_blocked=True).values_list(
        "participant_id", flat=True
    )


def hidden_ids(guardian_id: UUID) -> set[UUID]:
    return set(_hidden(guardian_id))


@kept
def _hidden(guardian_id: UUID) -> QuerySet[Guardianship, UUID]:
    return hidden_from(guardian_id)


def living_together(guardian_id: UUID | None) -> QuerySet[Guardian]:
    """Who is of one family with the guardian: all of their household, themselves included; nobody for nobody."""
    return Guardian.objects.none() if guardian_id is None else living_with([guardian_id])


def living_with(guardian_ids: Collection[UUID]) -> QuerySet[Guardian]:
    """As `living_together`, of several families."""
    housed = Guardian.objects.filter(pk__in=guardian_ids).exclude(household=None).values("household")
    return Guardian.objects.filter(Q(pk__in=guardian_ids) | Q(household__in=housed))


def homes_of(guardian_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Of these guardians, and of all who live with one of them: what is the same for one family and no other's."""
    rows = living_with(guardian_ids).values_list("pk", "household_id")
    return {each: household or each for each, household in rows}


def own_membership(guardian_id: UUID) -> Participant | None:
    """The account's holder as one who takes part (S2-05)."""
    own = visible_participants(guardian_id).filter(guardianships__role=GuardianshipRole.SELF)
    return own.first()


def responsible_for(participant_id: UUID) -> list[Guardianship]:
    """Who answers for a participant, by age of the link. Those kept away are named to staff only."""
    links = Guardianship.objects.filter(participant_id=participant_id, is_blocked=False)
    return list(links.select_related("guardian").order_by("created_at", "id"))


def invitations_of(guardian_id: UUID, participant_id: UUID) -> QuerySet[LinkRequest]:
    """Those that the guardian sent and that wait for an answer."""
    return LinkRequest.objects.filter(
        kind=LinkKind.INVITATION,
        status=LinkStatus.PENDING,
        invited_by_id=guardian_id,
        participant_id=participant_id,
    ).order_by("created_at")


def open_claims() -> QuerySet[LinkRequest]:
    """Those that wait for a word, the oldest first."""
    return (
        LinkRequest.objects.filter(kind=LinkKind.CLAIM, status=LinkStatus.PENDING)
        .select_related("participant", "guardian")
        .order_by("created_at", "id")
    )


def claims_to_decide(guardian_id: UUID) -> QuerySet[LinkRequest]:
    """Those that a guardian may answer: of a child they have the right to enrol, and that nobody is kept away from.

    Where somebody is, staff alone decide: the law may have spoken.
    """
    mine = Guardianship.objects.filter(guardian_id=guardian_id, is_blocked=False, may_enrol=True)
    guarded = Guardianship.objects.filter(is_blocked=True)
    return (
        open_claims()
        .filter(participant_id__in=mine.values("participant_id"), participant__removed_at=None)
        .exclude(participant_id__in=guarded.values("participant_id"))
    )


def claims_of(guardian_id: UUID) -> QuerySet[LinkRequest]:
    """What the guardian asked for and waits for."""
    return LinkRequest.objects.filter(kind=LinkKind.CLAIM, status=LinkStatus.PENDING, guardian_id=guardian_id).order_by(
        "created_at"
    )


def sealed_answers(participant: Participant) -> dict[str, Any]:
    """What is about health, and the national number. Who reads it for staff leaves a trail."""
    return sealing.unseal(participant.sealed, place=SEALED, row_id=participant.id)


def everyone_in(participant_id: UUID) -> list[UUID]:
    """The record, and those that were merged into it: what was submitted for one of them is never altered."""
    former = Participant.objects.filter(merged_into_id=participant_id).values_list("id", flat=True)
    return [participant_id, *former]
