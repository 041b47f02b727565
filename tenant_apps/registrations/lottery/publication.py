"""The file of a draw: everything that it was made from and what came of it, without a name, for anybody to run again.

It is written with the draw and never after, so that it says what was so at that moment.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tenant_apps.openings.models import Opening
from tenant_apps.registrations.lottery.algorithm import Got, digest


def write(opening: Opening, document: Mapping[str, Any], got: Mapping[str, Got]) -> str:
    """Returns the SHA-256 of the file, which the trail keeps."""
    results = {name: {"rank": each.rank, "choice": each.choice} for name, each in sorted(got.items())}
    text = json.dumps({**document, "results": results}, ensure_ascii=False)
    path = _path(opening.id)
    # A draw that was undone by the database, and begun again, left its file.
    default_storage.delete(path)
    default_storage.save(path, ContentFile(text.encode()))
    return digest(text)


def read(opening: Opening) -> bytes | None:
    """None before the draw, and where there is no file."""
    path = _path(opening.id)
    if opening.drawn_at is None or not default_storage.exists(path):
        return None
    with default_storage.open(path) as file:
        content: bytes = file.read()
    return content


def _path(opening_id: UUID) -> str:
    return f"draws/{opening_id}.json"
