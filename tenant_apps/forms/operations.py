"""Publishes forms, and takes answers and signatures that are never altered afterwards."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.vault import sealing
from tenant_apps.families.identity import Answers
from tenant_apps.forms import definitions
from tenant_apps.forms.answers import SEALED
from tenant_apps.forms.kinds import KINDS
from tenant_apps.forms.models import Decision, Form, FormVersion, Sealed, Submission


class NotSigned(Refusal):
    code = "not_signed"
    message = _("Écrivez votre nom pour signer.")


class NotDecided(Refusal):
    code = "not_decided"
    message = _("Choisissez «\u202foui\u202f» ou «\u202fnon\u202f».")


@operation
def publish_version(
    *, form_key: str, title: str, purpose: str, definition: Mapping[str, Any], text: str = ""
) -> FormVersion:
    """A new version of a form, or the version in force when nothing changed. Raises BadDefinition and LookupError."""
    for question in definitions.questions(definitions.read(definition)):
        KINDS[question.kind]
    Form.objects.update_or_create(key=form_key, defaults={"title": title, "purpose": purpose})
    # The row's lock gives numbers one after the other.
    form = Form.objects.select_for_update().get(key=form_key)
    latest = form.versions.order_by("-number").first()
    if latest and (latest.definition, latest.text) == (definition, text):
        return latest
    return FormVersion.objects.create(
        form=form,
        number=latest.number + 1 if latest else 1,
        definition=definition,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest() if text else "",
    )


def publish_all(forms: Iterable[Mapping[str, Any]]) -> None:
    """The forms of a preset."""
    for form in forms:
        publish_version(
            form_key=form["key"],
            title=form["title"],
            purpose=form["purpose"],
            definition={"sections": form.get("sections", [])},
            text=form.get("text", ""),
        )


@operation
def submit(
    *,
    version_id: UUID,
    participant_id: UUID,
    signer_id: UUID | None,
    answers: Answers,
    actor: Actor,
    at: datetime,
) -> Submission:
    submission = Submission.objects.create(
        version_id=version_id,
        participant_id=participant_id,
        signer_id=signer_id,
        answers=answers.plain,
        submitted_at=at,
    )
    if sealed := sealing.seal(answers.sealed, place=SEALED, row_id=submission.id):
        Sealed.objects.create(submission=submission, content=sealed)
    _record("form.submitted", submission, actor, at)
    return submission


@operation
def sign_consent(
    *,
    version_id: UUID,
    participant_id: UUID,
    signer_id: UUID | None,
    decision: str,
    signed_name: str,
    actor: Actor,
    at: datetime,
) -> Submission:
    """Keep a « yes » or a « no » with the name, the moment and the text it was said to (S3-29).

    Raises NotDecided and NotSigned. A change of mind is signed again; what was said before stays.
    """
    if decision not in Decision.values:
        raise NotDecided
    if not signed_name.strip():
        raise NotSigned
    version = FormVersion.objects.get(id=version_id)
    submission = Submission.objects.create(
        version=version,
        participant_id=participant_id,
        signer_id=signer_id,
        decision=decision,
        signed_name=signed_name.strip(),
        text_sha256=version.text_sha256,
        submitted_at=at,
    )
    _record("consent.signed", submission, actor, at, decision=decision)
    return submission


def _record(action: str, submission: Submission, actor: Actor, at: datetime, **details: str) -> None:
    audit.record(
        action=action, subject="submission", subject_id=submission.id, actor=actor, at=at, details=details or None
    )
