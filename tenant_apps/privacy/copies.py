"""The copy of their data that a person may ask for: one ZIP file, for a machine (JSON) and for a reader (HTML)."""

import json
from dataclasses import asdict
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import get_language

from kernel import names
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian
from tenant_apps.forms import uploads
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.context import Face
from tenant_apps.payments import receipts
from tenant_apps.privacy import dossier, in_words

COPIED = "privacy.copied"
# Kept in memory up to there, then on the disk, without a name.
_IN_MEMORY = 5 * 1024 * 1024


@operation
def made(*, guardian: Guardian, actor: Actor, at: datetime) -> IO[bytes]:
    """The file, at its beginning. That it was made is in the trail; the file itself is kept nowhere."""
    audit.record(action=COPIED, subject="guardian", subject_id=guardian.id, actor=actor, at=at)
    rows = dossier.all_rows(guardian)
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    hidden = set(families.hidden_from(guardian.id))
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("donnees.json", _json(guardian, rows, at))
        archive.writestr("resume.html", _page(guardian, rows, at))
        for receipt in dossier.receipts(guardian):
            archive.writestr(f"recus/{receipt.id}/{receipts.file_name(receipt)}", receipts.pdf(receipt, hidden=hidden))
        for upload in dossier.files(guardian):
            if (content := uploads.content(upload)) is not None:
                archive.writestr(f"documents/{upload.id}/{names.safe(upload.name)}", content)
    file.seek(0)
    return file


def _json(guardian: Guardian, rows: dossier.Rows, at: datetime) -> str:
    about = {"organisation": organisation.profile().name, "made_at": at, "guardian": guardian.id, "format": 1}
    read = [asdict(reading) for reading in dossier.health_readings(guardian)]
    return json.dumps(
        {"about": about, **rows, "health_readings": read}, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1
    )


def _page(guardian: Guardian, rows: dossier.Rows, at: datetime) -> str:
    # A template names what it shows with dots, which the names of models have too.
    told = {name.replace(".", "_"): found for name, found in rows.items()}
    profile = organisation.profile()
    children = [(child, in_words.answers(child, profile.territory)) for child in rows["families.Participant"]]
    context = {"organisation": Face(profile), "children": children, "language": get_language(), "at": at, **told}
    return render_to_string("privacy/copy.html", {**context, "readings": dossier.health_readings(guardian)})
