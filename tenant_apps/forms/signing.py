"""Takes a parent's yes, no, or change of mind; each is a row of its own that is never altered."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.forms import consents
from tenant_apps.forms.models import Decision, FormVersion, Means, Submission

# Kept with an answer that was typed at the office: who was there, and whatever else must be remembered.
NOTE = "assisted_note"


class NotSigned(Refusal):
    code = "not_signed"
    message = _("Écrivez votre nom pour signer.")


class NotDecided(Refusal):
    code = "not_decided"
    message = _("Choisissez «\u202foui\u202f» ou «\u202fnon\u202f».")


class NotAHolder(Refusal):
    code = "not_a_holder"
    message = _("Seule une personne qui détient l’autorité parentale peut répondre pour cet enfant.")


class RefusedByAnother(Refusal):
    code = "refused_by_another"
    message = _(
        "{name} a répondu non pour cet enfant, et cette réponse tient tant que la même personne ne la change pas. "
        "Communiquez avec le secrétariat pour en parler."
    )


class NothingToWithdraw(Refusal):
    code = "nothing_to_withdraw"
    message = _("Il n’y a pas d’autorisation à retirer.")


@operation
def sign_consent(
    *,
    version_id: UUID,
    participant_id: UUID,
    signer_id: UUID,
    decision: str,
    signed_name: str,
    actor: Actor,
    at: datetime,
    language: str = "",
    signed_from: str | None = None,
) -> Submission:
    """Keep a « yes » or a « no » with the name, the moment and the text it was said to (S3-29).

    `language` is the text's that was shown. Raises NotDecided, NotSigned and NotAHolder. A change of mind is signed
    again; what was said before stays.
    """
    if decision not in (Decision.YES, Decision.NO):
        raise NotDecided
    return _sign(
        _unsigned(version_id, participant_id, signer_id, decision, signed_name, at, language),
        actor=actor,
        signed_from=signed_from,
    )


@operation
def sign_assisted(
    *,
    version_id: UUID,
    participant_id: UUID,
    signer_id: UUID,
    decision: str,
    signed_name: str,
    note: str,
    recorded_by: UUID,
    actor: Actor,
    at: datetime,
    language: str = "",
    signed_from: str | None = None,
) -> Submission:
    """What a parent says at the office, typed by a member of staff in their presence (S3-30).

    It is the last word on all that was said before. `recorded_by` is the account of who typed. Raises as
    `sign_consent`.
    """
    if decision not in (Decision.YES, Decision.NO, Decision.WITHDRAWN):
        raise NotDecided
    submission = _unsigned(version_id, participant_id, signer_id, decision, signed_name, at, language)
    submission.means = Means.ASSISTED
    submission.recorded_by = recorded_by
    submission.answers = {NOTE: note}
    signed = _sign(submission, actor=actor, signed_from=signed_from)
    outbox.tell(kind="consents.assisted", payload={"submission": str(signed.id)}, at=at)
    return signed


@operation
def withdraw(
    *,
    form_id: UUID,
    participant_id: UUID,
    signer_id: UUID,
    signed_name: str,
    actor: Actor,
    at: datetime,
    signed_from: str | None = None,
) -> Submission:
    """Take back a « yes », as easily as it was given, at any time (S3-27). Staff are told.

    It names the text that had been agreed to. Raises NothingToWithdraw, NotSigned and NotAHolder.
    """
    given = consents.said_of([participant_id]).filter(version__form_id=form_id).last()
    if given is None or given.decision != Decision.YES:
        raise NothingToWithdraw
    submission = _unsigned(
        given.version_id, participant_id, signer_id, Decision.WITHDRAWN, signed_name, at, given.language
    )
    signed = _sign(submission, actor=actor, signed_from=signed_from)
    outbox.tell(kind="consents.withdrawn", payload={"submission": str(signed.id)}, at=at)
    return signed


def _unsigned(
    version_id: UUID,
    participant_id: UUID,
    signer_id: UUID,
    decision: str,
    signed_name: str,
    at: datetime,
    language: str,
) -> Submission:
    if not signed_name.strip():
        raise NotSigned
    if not consents.holders().filter(guardian_id=signer_id, participant_id=participant_id).exists():
        raise NotAHolder
    version = FormVersion.objects.select_related("form").get(id=version_id)
    read = consents.wording(version, language)
    return Submission(
        version=version,
        participant_id=participant_id,
        signer_id=signer_id,
        decision=decision,
        signed_name=signed_name.strip(),
        text_sha256=read.sha256,
        language=read.language,
        submitted_at=at,
    )


def _sign(submission: Submission, *, actor: Actor, signed_from: str | None) -> Submission:
    submission.signed_from = signed_from
    submission.save(force_insert=True)
    audit.record(
        action="consent.withdrawn" if submission.decision == Decision.WITHDRAWN else "consent.signed",
        subject="submission",
        subject_id=submission.id,
        actor=actor,
        at=submission.submitted_at,
        details={"decision": str(submission.decision)},
    )
    return submission
