"""Takes away what says who somebody was, and leaves the rows that orders and registrations stand on."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from tenant_apps.families import locks
from tenant_apps.families.models import Guardian, Guardianship, Household, LinkRequest, Participant

_NOBODY: dict[str, Any] = {
    "user": None,
    "household": None,
    "first_name": "",
    "last_name": "",
    "email": "",
    "phone": "",
    "birth_date": None,
    "reference": "",
    "national_number_hash": "",
    "sealed": None,
    "locked_fields": [],
    "search_text": "",
}
_NO_ANSWERS: dict[str, Any] = {"sealed": None, "national_number_hash": "", "pick_up_people": []}
_NO_CHILD: dict[str, Any] = {
    **_NO_ANSWERS,
    "last_name": "",
    "first_name": "",
    "used_name": "",
    "birth_date": None,
    "student_number": "",
    "external_id": "",
    "price_category": "",
    "answers": {},
    "locked_fields": [],
    "search_text": "",
}


@operation
def forget_guardians(*, guardian_ids: Collection[UUID]) -> None:
    """Their links go with them; the answers of a household that nobody is left in are emptied.

    A link that was blocked stays, with nobody's name nor the reason, which may say it: it tells that staff alone decide
    who may join the child.
    """
    guardians = Guardian.objects.filter(id__in=guardian_ids)
    households = list(guardians.exclude(household=None).values_list("household_id", flat=True))
    LinkRequest.objects.filter(guardian_id__in=guardian_ids).delete()
    LinkRequest.objects.filter(invited_by_id__in=guardian_ids).delete()
    Guardianship.objects.filter(guardian_id__in=guardian_ids, is_blocked=False).delete()
    Guardianship.objects.filter(guardian_id__in=guardian_ids).update(blocked_reason="", custody=[])
    guardians.update(**_NOBODY)
    Household.objects.filter(id__in=households, guardians=None).delete()


@operation
def forget_participants(*, participant_ids: Collection[UUID], at: datetime) -> None:
    """One that comes from the organisation's own files keeps what those files say, and loses what the family said."""
    # What a file says at this moment is read once it is written, and not written over.
    locks.participants(participant_ids)
    LinkRequest.objects.filter(participant_id__in=participant_ids).delete()
    theirs = Participant.objects.filter(id__in=participant_ids)
    Guardianship.objects.filter(participant__in=theirs.filter(external_id="")).delete()
    theirs.filter(external_id="").update(**_NO_CHILD, removed_at=at)
    for participant in theirs.exclude(external_id=""):
        _forget_what_the_family_said(participant)


def _forget_what_the_family_said(participant: Participant) -> None:
    ours = set(participant.locked_fields)
    for column, empty in _NO_ANSWERS.items():
        setattr(participant, column, empty)
    if "used_name" not in ours:
        participant.used_name = ""
    participant.answers = {key: value for key, value in participant.answers.items() if key in ours}
    participant.save()
