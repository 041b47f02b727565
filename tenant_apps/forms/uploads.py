"""Keeps the files that families send: sealed in the organisation's storage, and given out to who may see the answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.forms import Form as DjangoForm
from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from kernel import ids
from kernel.transactions import operation
from shared_apps.vault import sealing
from tenant_apps.families.models import Guardian
from tenant_apps.forms import attachments, definitions
from tenant_apps.forms.models import Upload
from tenant_apps.forms.scanning import Checked

SEALED = "forms.Upload.content"


def keep_files(form: DjangoForm, *, guardian_id: UUID | None, at: datetime, is_health: bool = False) -> None:
    """Keep what was just sent, whether or not the rest of the form is valid: nothing has to be chosen twice.

    `is_health`: all of it is about health, whatever each question says of itself.
    """
    sealed = {each.key for each in definitions.questions(getattr(form, "definition", ())) if each.is_sealed}
    for name, field in attachments.of_form(form).items():
        said = form.cleaned_data.get(name)
        if isinstance(said, Checked):
            upload = keep(checked=said, guardian_id=guardian_id, is_health=is_health or name in sealed, at=at)
            field.kept = {"upload": str(upload.id), "name": upload.name}
            form.cleaned_data[name] = field.kept


@operation
def keep(*, checked: Checked, guardian_id: UUID | None, is_health: bool, at: datetime) -> Upload:
    """Nobody's yet: what is never claimed by an answer is swept."""
    upload = Upload(
        name=checked.name,
        content_type=checked.content_type,
        size_bytes=len(checked.content),
        given_by=Guardian.objects.filter(id=guardian_id).first() if guardian_id else None,
        is_health=is_health,
        created_at=at,
    )
    sealed = sealing.seal_bytes(checked.content, place=SEALED, row_id=upload.id)
    upload.path = default_storage.save(f"uploads/{ids.uuid7().hex}", ContentFile(sealed))
    upload.save(force_insert=True)
    return upload


@operation
def claim(answers: Mapping[str, Any], *, participant_id: UUID) -> None:
    """The files that answers name are of this participant; another's stay another's."""
    named = [upload for answer in answers.values() if (upload := attachments.upload_of(answer))]
    if named:
        Upload.objects.filter(id__in=named, participant=None).update(participant_id=participant_id)


def content(upload: Upload) -> bytes | None:
    """Nothing where the file is gone."""
    if not upload.path or not default_storage.exists(upload.path):
        return None
    with default_storage.open(upload.path) as file:
        return sealing.unseal_bytes(file.read(), place=SEALED, row_id=upload.id)


def response(upload: Upload) -> HttpResponse:
    """The file as something to keep, never as a page of this site. Raises Http404 where it cannot be read any more."""
    try:
        with default_storage.open(upload.path) as file:
            content = sealing.unseal_bytes(file.read(), place=SEALED, row_id=upload.id)
    except (FileNotFoundError, sealing.Unreadable):
        raise Http404 from None
    answer = HttpResponse(content, content_type=upload.content_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=upload.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
