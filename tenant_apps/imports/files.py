"""The files of imports, in the organisation's own storage: kept no longer than they serve."""

from datetime import UTC, datetime
from typing import IO, Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage

from kernel.transactions import after_commit

FOLDER = "imports"
# A file to try an import with, where somebody has put one.
EXAMPLE = "examples/import.csv"


def keep_upload(run_id: UUID, upload: "File[Any]") -> str:
    return str(default_storage.save(f"{FOLDER}/{run_id}", upload))


def keep_faults(run_id: UUID, faults: IO[bytes]) -> str:
    faults.seek(0)
    return str(default_storage.save(f"{FOLDER}/{run_id}.errors", File(faults)))


def drop(*paths: str) -> None:
    for path in paths:
        if path:
            default_storage.delete(path)


def drop_after_commit(*paths: str) -> None:
    """A file that went before its row would be missed by who tries again."""
    after_commit(lambda: drop(*paths))


def kept(*, before: datetime) -> list[str]:
    """Of everything that is in the folder, what was written before that moment."""
    try:
        _folders, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    paths = [f"{FOLDER}/{name}" for name in names]
    return [path for path in paths if _written_at(path) < before]


def _written_at(path: str) -> datetime:
    moment = default_storage.get_modified_time(path)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
