"""Forgets people in every room at once: who they were goes, what was owed and paid stays with its numbers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from kernel.transactions import operation
from shared_apps.accounts.forgetting import forget_account
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Event, Message
from tenant_apps.changes import forgetting as changes
from tenant_apps.entitlements import forgetting as requests
from tenant_apps.families import queries
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations import forgetting as families
from tenant_apps.forms import forgetting as forms
from tenant_apps.openings import forgetting as openings
from tenant_apps.registrations import requests as awaited
from tenant_apps.registrations.models import Registration
from tenants.effacing import efface


@dataclass(frozen=True, slots=True)
class People:
    """Identifiers alone: what a tombstone may hold."""

    guardians: tuple[UUID, ...]
    participants: tuple[UUID, ...] = ()
    users: tuple[UUID, ...] = ()

    def data(self) -> dict[str, Any]:
        return {
            "guardians": [str(each) for each in self.guardians],
            "participants": [str(each) for each in self.participants],
            "users": [str(each) for each in self.users],
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> "People":
        kinds = ("guardians", "participants", "users")
        return cls(*(tuple(UUID(each) for each in data.get(kind, [])) for kind in kinds))


def people_of(guardian_ids: Collection[UUID]) -> People:
    """These guardians, whoever was merged into them, and the participants that have nobody else."""
    guardians = list(Guardian.objects.filter(Q(id__in=guardian_ids) | Q(merged_into__in=guardian_ids)))
    ids = tuple(guardian.id for guardian in guardians)
    # Someone blocked looks after nobody: a child is not kept for them, nor forgotten because they ask for it.
    kept = Guardianship.objects.filter(is_blocked=False).exclude(guardian_id__in=ids).values("participant_id")
    own = Guardianship.objects.filter(guardian_id__in=ids, is_blocked=False).values("participant_id")
    alone = Participant.objects.filter(id__in=own).exclude(id__in=kept)
    found = set(alone.values_list("id", flat=True))
    found |= set(Participant.objects.filter(merged_into__in=found).values_list("id", flat=True))
    users = tuple(guardian.user_id for guardian in guardians if guardian.user_id)
    return People(guardians=ids, participants=tuple(sorted(found)), users=users)


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the children on a guardian's list when the account is erased."""

    gone: tuple[Participant, ...]
    kept_by_others: tuple[Participant, ...]
    kept_by_the_organisation: tuple[Participant, ...]


def fate_of_children(guardian: Guardian) -> Fate:
    seen = queries.participants_of(guardian.id)
    alone = set(people_of([guardian.id]).participants)
    return Fate(
        gone=tuple(child for child in seen if child.id in alone and not child.external_id),
        kept_by_others=tuple(child for child in seen if child.id not in alone),
        kept_by_the_organisation=tuple(child for child in seen if child.id in alone and child.external_id),
    )


@operation
def forget(people: People, *, at: datetime) -> None:
    """Safe to repeat: forgetting twice is forgetting once."""
    _forget_messages(people)
    awaited.forget(guardian_ids=people.guardians, participant_ids=people.participants, at=at)
    Registration.objects.filter(
        Q(basket__guardian_id__in=people.guardians) | Q(participant_id__in=people.participants)
    ).update(contact_email="")
    requests.forget(guardian_ids=people.guardians, participant_ids=people.participants)
    openings.forget(guardian_ids=people.guardians)
    changes.forget(guardian_ids=people.guardians, participant_ids=people.participants)
    forms.forget_answers(participant_ids=people.participants)
    forms.forget_signatures(guardian_ids=people.guardians)
    families.forget_participants(participant_ids=people.participants, at=at)
    families.forget_guardians(guardian_ids=people.guardians)
    _forget_trail(people)
    for user_id in people.users:
        forget_account(user_id=user_id)


def _forget_messages(people: People) -> None:
    Message.objects.filter(recipient__in=_addresses(people)).delete()


def forget_events(people: People) -> None:
    """What was told of them and has been heard. Only for a few people at once: the payloads have no index."""
    named = Q()
    for word in (*_addresses(people), *people.guardians, *people.participants):
        named |= Q(text__contains=str(word))
    told = Event.objects.exclude(handled_at=None).annotate(text=Cast("payload", TextField()))
    told.filter(named).delete()


def _addresses(people: People) -> set[str]:
    """Theirs alone: two parents may read one mailbox, and it is still the other's."""
    own = set(Guardian.objects.filter(id__in=people.guardians).values_list("email", flat=True))
    own |= set(EmailAddress.objects.filter(user_id__in=people.users).values_list("email", flat=True))
    others = Guardian.objects.exclude(id__in=people.guardians).filter(email__in=own)
    return own - {"", *others.values_list("email", flat=True)}


def _forget_trail(people: People) -> None:
    """What was done stays in the trail, by identifiers; the name of who did it, and for whom, goes."""
    efface(Entry, _done_for(people), ["actor_label"])
    done = Entry.objects.filter(actor_id__in=people.users)
    efface(Entry, list(done.values_list("id", flat=True)), ["actor_label"])
    about = Entry.objects.filter(subject_id__in=[*people.guardians, *people.participants, *people.users])
    efface(Entry, list(about.exclude(details={}).values_list("id", flat=True)), ["details"])


def _done_for(people: People) -> list[UUID]:
    """What staff did for them, under both names. Looked for only where it happened: there is no index."""
    begun = Entry.objects.filter(subject="guardian", subject_id__in=people.guardians, action="guardian.represented")
    served = [str(each) for each in begun.values_list("subject_id", flat=True).distinct()]
    if not served:
        return []
    return list(Entry.objects.filter(details__on_behalf__in=served).values_list("id", flat=True))
