"""Keeps the numbers that tax slips carry, sealed: a social insurance number, a national number, or that there is none.

Whether they may be asked at all is for the caller (organisation.national_number, docs/slips.md).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.database import unique
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.vault import sealing
from tenant_apps.families import locks
from tenant_apps.families.matching import NATIONAL_NUMBER, national_number_hash
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.operations.participants import NumberTaken
from tenant_apps.families.queries import SEALED, SEALED_OF_GUARDIAN

SOCIAL_INSURANCE = "social_insurance_number"
# They say that they have no number, and since when they agree to have their slips without paper.
HAS_NONE = "no_number"
ELECTRONIC = "slips_electronic"
# Until twenty-one instead of fourteen; about health, and kept as such.
SEVERE_HANDICAP = "severe_handicap"


@operation
def say(*, guardian_id: UUID, said: Mapping[str, Any], actor: Actor, at: datetime) -> None:
    """Of the guardian themselves, by the keys above. Raises NumberTaken. What is not said stays as it was."""
    locks.guardian(guardian_id)
    guardian = Guardian.objects.get(pk=guardian_id)
    if NATIONAL_NUMBER in guardian.locked_fields:
        said = {key: value for key, value in said.items() if key != NATIONAL_NUMBER}
    known = sealing.unseal(guardian.sealed, place=SEALED_OF_GUARDIAN, row_id=guardian.pk)
    changed = _changed(known, said)
    if not changed:
        return
    guardian.sealed = sealing.seal(_kept({**known, **said}), place=SEALED_OF_GUARDIAN, row_id=guardian.pk)
    if NATIONAL_NUMBER in changed:
        guardian.national_number_hash = national_number_hash(str(said[NATIONAL_NUMBER] or ""))
    with unique(NumberTaken):
        guardian.save(update_fields=["sealed", "national_number_hash"])
    _record("guardian", guardian.pk, changed, actor, at)


@operation
def say_of_child(
    *, guardian_id: UUID, participant_id: UUID, said: Mapping[str, Any], actor: Actor, at: datetime
) -> None:
    """Raises Participant.DoesNotExist for who does not see the child, and NumberTaken."""
    child: Participant = locks.participant(guardian_id, participant_id)
    if NATIONAL_NUMBER in child.locked_fields:
        said = {key: value for key, value in said.items() if key != NATIONAL_NUMBER}
    known = sealing.unseal(child.sealed, place=SEALED, row_id=child.pk)
    changed = _changed(known, said)
    if not changed:
        return
    child.sealed = sealing.seal(_kept({**known, **said}), place=SEALED, row_id=child.pk)
    if NATIONAL_NUMBER in changed:
        child.national_number_hash = national_number_hash(str(said[NATIONAL_NUMBER] or ""))
    with unique(NumberTaken):
        child.save(update_fields=["sealed", "national_number_hash"])
    _record("participant", child.pk, changed, actor, at)


def of_guardian(guardian: Guardian) -> dict[str, Any]:
    """Who reads it for staff leaves a trail."""
    return sealing.unseal(guardian.sealed, place=SEALED_OF_GUARDIAN, row_id=guardian.pk)


def of_child(child: Participant) -> dict[str, Any]:
    """As `of_guardian`."""
    return sealing.unseal(child.sealed, place=SEALED, row_id=child.pk)


def _changed(known: Mapping[str, Any], said: Mapping[str, Any]) -> list[str]:
    return sorted(key for key, value in said.items() if (known.get(key) or "") != (value or ""))


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    ours = (NATIONAL_NUMBER, SOCIAL_INSURANCE, HAS_NONE, ELECTRONIC, SEVERE_HANDICAP)
    return {key: value for key, value in values.items() if value or key not in ours}


def _record(subject: str, subject_id: UUID, changed: list[str], actor: Actor, at: datetime) -> None:
    audit.record(
        action=f"{subject}.tax_numbers_said",
        subject=subject,
        subject_id=subject_id,
        actor=actor,
        at=at,
        details={"columns": changed},
    )
