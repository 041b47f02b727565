"""What says that an organisation is erased where no restored copy of the database can unsay it: beside the files."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tenants.context import in_registry
from tenants.leaving.subject import Subject

# In the platform's own storage, next to those of the organisations.
_FOLDER = "tombstones"


def put(subject: Subject, at: datetime) -> None:
    told = {
        "organisation": str(subject.organisation.pk),
        "schema": subject.schema,
        "departure": str(subject.departure_id),
        "at": at.isoformat(),
        "names": list(subject.needles),
    }
    with in_registry():
        path = _path(subject.organisation.pk)
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(json.dumps(told).encode()))


def every() -> Iterator[dict[str, Any]]:
    with in_registry():
        if not default_storage.exists(_FOLDER):
            return
        for name in sorted(default_storage.listdir(_FOLDER)[1]):
            with default_storage.open(f"{_FOLDER}/{name}") as file:
                yield json.load(file)


def _path(organisation_id: UUID) -> str:
    return f"{_FOLDER}/{organisation_id}.json"
