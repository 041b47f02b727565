"""What is already known of a family, by the keys that questions have everywhere."""

from collections.abc import Mapping
from typing import Any

from shared_apps.vault import sealing
from tenant_apps.families import queries as families
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import definitions
from tenant_apps.forms.models import FormVersion, Submission

# Where a submission's sealed answers are kept (shared_apps.vault).
SEALED = "forms.Sealed.content"


def of_participant(participant: Participant, *, with_sealed: bool = True) -> dict[str, Any]:
    return {
        **participant.answers,
        **(families.sealed_answers(participant) if with_sealed else {}),
        "last_name": participant.last_name,
        "first_name": participant.first_name,
        "birth_date": participant.birth_date,
        "establishment": participant.establishment_id,
        "level": participant.level_id,
        "used_name": participant.used_name,
        "student_number": participant.student_number,
    }


def of_guardian(guardian: Guardian) -> dict[str, Any]:
    """What the household answered, but for what the guardian's own profile knows better."""
    own = {
        "guardian_last_name": guardian.last_name,
        "guardian_first_name": guardian.first_name,
        "guardian_phone": guardian.phone,
        "contact_email": guardian.email,
    }
    shared = guardian.household.answers if guardian.household else {}
    return {**shared, **{name: answer for name, answer in own.items() if answer}}


def of_submission(submission: Submission) -> dict[str, Any]:
    """All that was answered. Who reads it for staff leaves a trail where it holds answers about health."""
    sealed = getattr(submission, "sealed", None)
    if sealed is None:
        return dict(submission.answers)
    return {**submission.answers, **sealing.unseal(sealed.content, place=SEALED, row_id=submission.id)}


def sorted_out(version: FormVersion | None, told: Mapping[str, Any]) -> Answers:
    """Each answer to where its question is kept: with the participant, sealed, or with the household."""
    questions = definitions.questions(definitions.read(version.definition)) if version else ()
    by_name = {name: question for question in questions for name in question.names}
    found = Answers(own={}, sealed={}, household={})
    for name, answer in told.items():
        question = by_name.get(name)
        if question and question.is_sealed:
            found.sealed[name] = answer
        elif question and question.is_shared:
            found.household[name] = answer
        else:
            found.own[name] = answer
    return found
