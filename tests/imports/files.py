"""Files to import, written by hand: a table of rows, or the archive of a student information system."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile

from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.audit.actors import Actor
from tenant_apps.imports import operations, running
from tenant_apps.imports.models import ImportRun, Layout
from tests.factories.organisation import a_user

HEADINGS = "identifiant,nom,prénom,date de naissance,école,niveau,parent 1 nom,parent 1 prénom,parent 1 courriel"
SARAH = "s1,Lapointe,Sarah,2016-03-04,École A,2e,Lapointe,Marie,marie@example.org"
MILO = "s2,Roy,Milo,2017-05-06,École A,1re,Roy,Jean,jean@example.org"


def a_table(*rows: str, headings: str = HEADINGS, encoding: str = "utf-8") -> bytes:
    return "\r\n".join([headings, *rows, ""]).encode(encoding)


def an_archive(**files: str | Sequence[dict[str, str]]) -> bytes:
    """« users=[{…}] » is users.csv; the manifest says OneRoster 1.2 unless it is given."""
    manifest = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\nfile.users,bulk\n"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in {"manifest": manifest, **files}.items():
            archive.writestr(f"{name}.csv", rows if isinstance(rows, str) else _csv(rows))
    return content.getvalue()


def _csv(rows: Sequence[dict[str, str]]) -> str:
    text = io.StringIO()
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    writer = csv.DictWriter(text, headings)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def an_importer(user: User | None = None) -> Actor:
    user = user or a_user(first_name="Odile", last_name="Owner")
    return Actor(kind="staff", user_id=user.id, label=str(user))


def begun(content: bytes, *, layout: str = Layout.SIMPLE, create: bool = False, **more: Any) -> ImportRun:
    return operations.begin(
        layout=layout,
        name=more.get("name", "eleves.csv"),
        upload=ContentFile(content),
        create_establishments=create,
        actor=more.get("actor") or an_importer(),
        at=clock.now(),
    )


def worked(run: ImportRun, *, at: datetime | None = None) -> ImportRun:
    """The run, after whatever the worker had to do."""
    running.work(at=at or clock.now())
    run.refresh_from_db()
    return run


def checked(content: bytes, **more: Any) -> ImportRun:
    return worked(begun(content, **more))


def imported(content: bytes, *, skip: bool = False, **more: Any) -> ImportRun:
    run = checked(content, **more)
    operations.confirm(run_id=run.id, skip_refused=skip, actor=more.get("actor") or an_importer(), at=clock.now())
    return worked(run)


def codes(run: ImportRun) -> list[tuple[int | None, str, str]]:
    """Where each fault is, and what it is."""
    return [(fault["row"], fault["column"], fault["code"]) for fault in run.errors]
