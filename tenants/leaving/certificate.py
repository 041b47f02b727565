"""What is certified of an erasure: what was there, what was looked for and not found, and what stays and why."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.outbox import operations as outbox
from tenants.context import in_operations
from tenants.leaving import catalog, certificate_paper, removing
from tenants.models import Departure


def drawn_up(departure: Departure, found: dict[str, int], at: datetime) -> dict[str, Any]:
    """The certificate, with the hash of all that it says."""
    organisation, begun = departure.organisation, departure.certificate
    said = {
        "format": 1,
        "number": str(departure.pk),
        "organisation": {
            "id": str(organisation.pk),
            "name": organisation.name,
            "slug": organisation.slug,
            "schema": organisation.schema_name,
            "region": organisation.region,
        },
        "announced_at": departure.asked_at.isoformat(),
        "announced_by": departure.asked_by,
        "closed_on": departure.closes_on.isoformat(),
        "begun_at": begun["begun_at"],
        "begun_by": begun["begun_by"],
        "erased_at": at.isoformat(),
        "there_was": begun["there_was"],
        "looked_for_names": begun["looked_for_names"],
        "found": found,
        "kept": {label: _number(label, departure) for label in sorted(removing.KEPT)},
        "backups_until": (at + timedelta(days=settings.BACKUP_DAYS)).date().isoformat(),
    }
    return {**said, "sha256": digest(said)}


def digest(said: dict[str, Any]) -> str:
    """Of all but the hash itself, with its keys in order."""
    told = {key: value for key, value in said.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def send(departure: Departure, tell: list[dict[str, str]], at: datetime) -> None:
    """To those who owned it, from the platform: there is no organisation to write in any more."""
    with in_operations():
        for to in tell:
            path = default_storage.save(
                f"certificates/{departure.pk}.pdf",
                ContentFile(certificate_paper.pdf(departure, language=to["language"])),
            )
            with override(to["language"]):
                said = {"name": departure.organisation.name}
                outbox.queue_message(
                    unique_key=f"erased:{departure.pk}:{to['email']}",
                    recipient=to["email"],
                    language=to["language"],
                    subject=_("Données effacées\u202f: %(name)s") % said,
                    text=_(
                        "Bonjour,\n\nToutes les données de «\u202f%(name)s\u202f» ont été effacées. "
                        "Le certificat est joint à ce message\u202f: il dit ce qui était là, "
                        "ce qui a été cherché ensuite et ce qui reste.\n\nPréau"
                    )
                    % said,
                    attachments=[
                        {"name": certificate_paper.file_name(departure), "path": path, "type": "application/pdf"}
                    ],
                    at=at,
                )


def _number(label: str, departure: Departure) -> int:
    model, field = next((model, field) for model, field in catalog.owned_models() if model._meta.label == label)
    return int(model._base_manager.filter(**{field.name: departure.organisation_id}).count())
