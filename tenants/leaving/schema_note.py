"""What stands beside the rows of an export: what each table and column means, and what was left out and why."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext, override

from tenants.leaving.catalog import Column, Table
from tenants.models import Organisation

README = (Path(__file__).parent / "LISEZ-MOI.md").read_text()
LANGUAGES = ("fr", "en")


def schema(own: list[Table], registry: list[Table]) -> dict[str, Any]:
    told = [_table(each, "tables") for each in own] + [_table(each, "registry") for each in registry]
    return {"format": 1, "tables": told}


def left_out(tables: list[Table]) -> list[dict[str, Any]]:
    return [
        {"table": table.name, "column": column.name, "why": _in_words(column.left_out)}
        for table in tables
        for column in table.columns
        if column.left_out
    ]


def readme(organisation: Organisation, moment: str) -> str:
    return README.format(name=organisation.name, slug=organisation.slug, moment=moment)


def _table(table: Table, folder: str) -> dict[str, Any]:
    return {
        "name": table.name,
        "folder": folder,
        "meaning": table.doc,
        "key": table.key,
        "columns": [_column(column) for column in table.columns],
    }


def _column(column: Column) -> dict[str, Any]:
    held = column.held
    told: dict[str, Any] = {
        "name": column.name,
        "type": "json" if column.sealed else column.kind,
        "may_be_empty": column.is_nullable,
        "class": held.data.value,
        "purpose": _in_words(held.purpose),
        "kept": _in_words(held.retention.label),
        "basis": _in_words(held.basis.label),
    }
    if column.refers_to:
        told["refers_to"] = column.refers_to
    if column.sealed:
        told["was_sealed"] = True
    if column.left_out:
        told["left_out"] = _in_words(column.left_out)
    return told


def _in_words(text: Any) -> dict[str, str]:
    told = {}
    for language in LANGUAGES:
        with override(language):
            told[language] = gettext(text) if isinstance(text, str) else str(text)
    return told
