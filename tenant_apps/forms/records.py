"""Records that hold for a time: signed when they are filled in, renewed when nothing has changed (O-12)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Guardian
from tenant_apps.families.queries import everyone_in
from tenant_apps.forms import answers as form_answers
from tenant_apps.forms import definitions, operations
from tenant_apps.forms.models import FormVersion, Submission
from tenant_apps.forms.signatures import Signature


class NothingToRenew(Refusal):
    code = "nothing_to_renew"
    message = _("Cette fiche n’a pas encore été remplie.")


@operation
def sign(
    *,
    version_id: UUID,
    participant_id: UUID,
    signer_id: UUID,
    answers: Answers,
    signature: Signature,
    actor: Actor,
    at: datetime,
) -> Submission:
    """Keep the record; those who care for the child are told what is not as it was. Raises NameMissing."""
    version = FormVersion.objects.get(id=version_id)
    before = last_of(version.form_id, participant_id)
    submission = operations.submit(
        version_id=version_id,
        participant_id=participant_id,
        signer_id=signer_id,
        answers=answers,
        signature=signature,
        changed=_changed(version, before, answers, signer_id) if before else (),
        actor=actor,
        at=at,
    )
    if submission.changed:
        told = {"submission": str(submission.id), "participant": str(participant_id), "form": str(version.form_id)}
        outbox.tell(kind="record.changed", payload=told, at=at)
    return submission


@operation
def renew(
    *,
    version_id: UUID,
    participant_id: UUID,
    signer_id: UUID,
    answers: Answers,
    signature: Signature,
    actor: Actor,
    at: datetime,
) -> Submission:
    """« Nothing has changed »: the same answers, of today. Raises NothingToRenew and NameMissing."""
    before = last_of(FormVersion.objects.get(id=version_id).form_id, participant_id)
    if before is None:
        raise NothingToRenew
    return operations.submit(
        version_id=version_id,
        participant_id=participant_id,
        signer_id=signer_id,
        answers=answers,
        signature=signature,
        renews_id=before.id,
        actor=actor,
        at=at,
    )


def last_of(form_id: UUID, participant_id: UUID) -> Submission | None:
    said = Submission.objects.filter(
        version__form_id=form_id, participant_id__in=everyone_in(participant_id), decision=""
    )
    return said.select_related("sealed").order_by("-submitted_at", "-id").first()


def _changed(version: FormVersion, before: Submission, answers: Answers, signer_id: UUID) -> list[str]:
    """The keys of what is not as it was. What two households each say of themselves is no change."""
    was, now = form_answers.of_submission(before), {**answers.plain, **answers.sealed}
    compared = {*answers.own, *answers.sealed} if hasattr(before, "sealed") else set(answers.own)
    if _live_together(before.signer_id, signer_id):
        compared |= answers.household.keys()
    asked = {name for each in definitions.questions(definitions.read(version.definition)) for name in each.names}
    return [key for key in compared & asked if not _is_same(was, now, key)]


def _is_same(was: Mapping[str, Any], now: Mapping[str, Any], key: str) -> bool:
    """A question left empty, and one that was not asked yet, say the same: nothing."""
    nothing: tuple[Any, ...] = (None, "", [], False)
    return was.get(key) == now.get(key) or (was.get(key) in nothing and now.get(key) in nothing)


def _live_together(one: UUID | None, other: UUID) -> bool:
    if one == other:
        return True
    homes = set(Guardian.objects.filter(id__in=[one, other]).values_list("household_id", flat=True))
    return len(homes) == 1 and None not in homes
