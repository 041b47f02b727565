"""Authorizations asked of everyone, and answers to them, in the words of a test."""

from datetime import datetime
from typing import Any

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import operations, signing
from tenant_apps.forms.models import Decision, Form, FormVersion, Purpose, Submission


def an_everyone(
    title: str = "Photos", *, key: str = "photos", text: str = "J’autorise les photos.", **columns: Any
) -> FormVersion:
    """An authorization that every family is asked for; any column of the form may be given."""
    version = operations.publish_version(
        form_key=key,
        title=title,
        purpose=Purpose.CONSENT,
        definition=columns.pop("definition", {"sections": []}),
        text=text,
        translations=columns.pop("translations", {}),
    )
    Form.objects.filter(pk=version.form_id).update(asks_everyone=True, **columns)
    version.form.refresh_from_db()
    return version


def said(
    version: FormVersion,
    child: Participant,
    decision: str = Decision.YES,
    *,
    by: Guardian | None = None,
    at: datetime | None = None,
    language: str = "fr",
) -> Submission:
    """What a parent said; the child's first guardian where nobody is named."""
    signer = by or child.guardianships.order_by("created_at").first().guardian
    return signing.sign_consent(
        version_id=version.id,
        participant_id=child.id,
        signer_id=signer.id,
        decision=decision,
        signed_name=f"{signer.first_name} {signer.last_name}",
        language=language,
        actor=SYSTEM,
        at=at or clock.now(),
    )
