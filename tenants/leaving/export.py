"""Writes all that an organisation has: every row, every file, every paper that it can draw, and what explains them."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage

from tenants.context import in_organisation
from tenants.leaving import catalog, files, rows, schema_note
from tenants.leaving.archive import Archive, Target
from tenants.leaving.registries import DOCUMENTS
from tenants.models import Organisation

# Told what is being written, how many steps are done and of how many; called often enough to be a sign of life.
Progress = Callable[[str, int, int], None]

TABLES, REGISTRY, DOCUMENTS_FOLDER, FILES = "tables", "registry", "documents", "files"
_PIECE = 1024 * 1024
_TOLD_EVERY = 20


@dataclass(slots=True)
class Report:
    """`rows`: how many of each table, by « folder/table ». `missing`: files that a row names and that are not there."""

    rows: dict[str, int] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    files: int = 0
    size: int = 0


def write(*, organisation: Organisation, target: Target, at: datetime, told: Progress) -> Report:
    """The tables first, all of one moment. Raises what reading or writing raises: half an export is none."""
    archive, report = Archive(target), Report()
    with in_organisation(organisation):
        tables = _tables(archive, organisation, report, told)
        _documents(archive, report, told)
        _files(archive, report, told)
    archive.put("LISEZ-MOI.md", schema_note.readme(organisation, at.strftime("%Y-%m-%d %H:%M")).encode())
    report.files, report.size = len(archive.entries), sum(entry.size for entry in archive.entries)
    archive.put("manifest.json", _json(_manifest(organisation, archive, report, tables, at)))
    return report


def _tables(archive: Archive, organisation: Organisation, report: Report, told: Progress) -> list[catalog.Table]:
    written: list[catalog.Table] = []

    def put(tables: list[catalog.Table], folder: str, total: int) -> None:
        for table in tables:

            def beat() -> None:
                told(TABLES, len(written), total)

            beat()
            report.rows[f"{folder}/{table.name}"] = rows.write(own, table, organisation, archive, folder, beat=beat)
            written.append(table)

    with rows.one_moment(organisation) as own:
        with own.cursor() as cursor:
            mine = catalog.own_tables(cursor, organisation.schema_name)
            about_it = catalog.registry_tables(cursor)
        total = len(mine) + len(about_it)
        put(mine, TABLES, total)
        # The registry's rows are read with the application's own rights, in the same transaction.
        own.set_schema_to_public()
        put(about_it, REGISTRY, total)
    archive.put("schema.json", _json(schema_note.schema(mine, about_it)))
    return written


def _documents(archive: Archive, report: Report, told: Progress) -> None:
    sources = list(DOCUMENTS)
    for done, (name, source) in enumerate(sources):
        report.documents[name] = 0
        told(DOCUMENTS_FOLDER, done, len(sources))
        for path, content in source():
            archive.put(f"{DOCUMENTS_FOLDER}/{path}", content)
            report.documents[name] += 1
            if report.documents[name] % _TOLD_EVERY == 0:
                told(DOCUMENTS_FOLDER, done, len(sources))


def _files(archive: Archive, report: Report, told: Progress) -> None:
    paths = list(files.open_ones())
    for done, path in enumerate(paths):
        if done % _TOLD_EVERY == 0:
            told(FILES, done, len(paths))
        if not default_storage.exists(path):
            report.missing.append(path)
            continue
        with default_storage.open(path) as source, archive.file(f"{FILES}/{path}") as file:
            while piece := source.read(_PIECE):
                file.write(piece)


def _manifest(
    organisation: Organisation, archive: Archive, report: Report, tables: list[catalog.Table], at: datetime
) -> dict[str, Any]:
    return {
        "format": 1,
        "organisation": {"id": organisation.pk, "name": organisation.name, "slug": organisation.slug},
        "made_at": at,
        "rows": report.rows,
        "documents": report.documents,
        "missing": report.missing,
        "left_out": schema_note.left_out(tables),
        "files": [asdict(entry) for entry in archive.entries],
    }


def _json(facts: Any) -> bytes:
    return json.dumps(facts, ensure_ascii=False, indent=1, default=str).encode()
