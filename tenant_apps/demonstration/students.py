"""A file of students for who tries an import: to be downloaded, and already checked in the list of imports."""

from datetime import datetime
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from shared_apps.audit.actors import SYSTEM
from tenant_apps.imports import operations
from tenant_apps.imports.files import EXAMPLE
from tenant_apps.imports.models import Layout

_FOLDER = Path(__file__).parent / "data"


def load(key: str, *, at: datetime) -> None:
    """Where the organisation has such a file. Confirming it is left to the visitor."""
    path = _FOLDER / f"{key}_students.csv"
    if not path.exists():
        return
    content = path.read_bytes()
    if not default_storage.exists(EXAMPLE):
        default_storage.save(EXAMPLE, ContentFile(content))
    operations.begin(
        layout=Layout.SIMPLE,
        name="eleves.csv",
        upload=ContentFile(content),
        create_establishments=False,
        actor=SYSTEM,
        at=at,
    )
