"""Publishes forms, and takes answers that are never altered afterwards."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.vault import sealing
from tenant_apps.families.identity import Answers
from tenant_apps.forms import checks, uploads
from tenant_apps.forms.answers import SEALED
from tenant_apps.forms.definitions import french
from tenant_apps.forms.models import Form, FormVersion, Sealed, Submission
from tenant_apps.forms.signatures import Signature

# What a preset may say of a form beside its questions.
_SETTINGS = ("validity_days", "asks_everyone", "due_on", "position")


@operation
def publish_version(
    *,
    form_key: str,
    title: str,
    purpose: str,
    definition: Mapping[str, Any],
    text: str = "",
    translations: Mapping[str, str] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> FormVersion:
    """A new version of a form, or the version in force when nothing changed. Raises BadDefinition and LookupError.

    `settings` are the other columns of the form: its reason, its validity, whom it asks and until when.
    """
    checks.check(form_key, purpose, definition)
    columns = {"title": title, "purpose": purpose, **(settings or {})}
    Form.objects.update_or_create(key=form_key, defaults=columns)
    # The row's lock gives numbers one after the other.
    form = lock_one(Form.objects.filter(key=form_key))
    latest = form.versions.order_by("-number").first()
    told = dict(translations or {})
    if latest and (latest.definition, latest.text, latest.translations) == (definition, text, told):
        return latest
    return FormVersion.objects.create(
        form=form,
        number=latest.number + 1 if latest else 1,
        definition=definition,
        text=text,
        translations=told,
        text_sha256=hashlib.sha256(text.encode()).hexdigest() if text else "",
    )


def publish_all(forms: Iterable[Mapping[str, Any]]) -> None:
    """The forms of a preset."""
    for form in forms:
        publish_version(
            form_key=form["key"],
            title=french(form["title"]),
            purpose=form["purpose"],
            definition={"sections": form.get("sections", [])},
            text=form.get("text", ""),
            translations=form.get("translations", {}),
            settings={**_worded(form), **{name: form[name] for name in _SETTINGS if name in form}},
        )


def _worded(form: Mapping[str, Any]) -> dict[str, Any]:
    """The reason in French where there is one, and both words in the other languages."""
    reason = {"reason": french(form["reason"])} if "reason" in form else {}
    told = {name: form[name] for name in ("title", "reason") if isinstance(form.get(name), Mapping)}
    others = sorted({code for words in told.values() for code in words} - {"fr"})
    translations = {code: {name: words[code] for name, words in told.items() if code in words} for code in others}
    return {**reason, "translations": translations}


@operation
def submit(
    *,
    version_id: UUID,
    participant_id: UUID,
    signer_id: UUID | None,
    answers: Answers,
    actor: Actor,
    at: datetime,
    signature: Signature | None = None,
    changed: Collection[str] = (),
    renews_id: UUID | None = None,
) -> Submission:
    """Keep what was answered, once and for all; files that were sent with it are from now on the participant's."""
    submission = Submission.objects.create(
        version_id=version_id,
        participant_id=participant_id,
        signer_id=signer_id,
        answers=answers.plain,
        submitted_at=at,
        changed=sorted(changed),
        renews_id=renews_id,
        **(signature.columns() if signature else {}),
    )
    if sealed := sealing.seal(answers.sealed, place=SEALED, row_id=submission.id):
        Sealed.objects.create(submission=submission, content=sealed)
    uploads.claim({**answers.plain, **answers.sealed}, participant_id=participant_id)
    audit.record(action="form.submitted", subject="submission", subject_id=submission.id, actor=actor, at=at)
    return submission
