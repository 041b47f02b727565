"""The files of imports, in the organisation's own storage: kept no longer than they serve."""

from datetime import UTC, datetime
from typing import IO, Any
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage

from kernel.transactions import after_commit

FOLDER = "imports"
# Tables that no row names: whoever leaves one by its address reaches no file of a run.
TABLES = "tables"
# A file to try an import with, where somebody has put one.
EXAMPLE = "examples/import.csv"


def keep_upload(run_id: UUID, upload: "File[Any]") -> str:
    return str(default_storage.save(f"{FOLDER}/{run_id}", upload))


def keep_faults(run_id: UUID, faults: IO[bytes]) -> str:
    faults.seek(0)
    return str(default_storage.save(f"{FOLDER}/{run_id}.errors", File(faults)))


def keep_table(file_id: UUID, upload: "File[Any]") -> str:
    return str(default_storage.save(path_of_table(file_id), upload))


def path_of_table(file_id: UUID) -> str:
    return f"{TABLES}/{file_id}"


def drop(*paths: str) -> None:
    for path in paths:
        if path:
            default_storage.delete(path)


def drop_after_commit(*paths: str) -> None:
    """A file that went before its row would be missed by who tries again."""
    after_commit(lambda: drop(*paths))


def kept(*, before: datetime) -> list[str]:
    """Of everything that is in the folders, what was written before that moment."""
    return [path for folder in (FOLDER, TABLES) for path in _paths(folder) if _written_at(path) < before]


def _paths(folder: str) -> list[str]:
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]


def _written_at(path: str) -> datetime:
    moment = default_storage.get_modified_time(path)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
