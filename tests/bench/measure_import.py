"""Fifty thousand students and their guardians: read, checked and written, against the same rows copied raw."""

import csv
import io
import json
import os
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from kernel import clock, ids
from kernel.database import connection
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.imports import operations
from tenant_apps.imports.models import ImportRun, State
from tests.factories.organisation import a_level, an_establishment, an_organisation_profile
from tests.imports.files import an_importer, begun, worked

STUDENTS = int(os.environ.get("STUDENTS", "50000"))
_HEADINGS = [
    *("identifiant", "numéro de fiche", "nom", "prénom", "date de naissance", "école", "niveau", "groupe"),
    *("parent 1 nom", "parent 1 prénom", "parent 1 courriel", "parent 2 nom", "parent 2 prénom", "parent 2 courriel"),
]
_FAMILIES = ("Lapointe", "Roy", "Tremblay", "Gagnon", "Côté", "Bouchard", "Nguyen", "Diallo", "Haddad", "Singh")
_FIRST = ("Sarah", "Milo", "Zoé", "Léo", "Ada", "Noé", "Inès", "Samuel", "Maëlle", "Émile")


def measure_import_of_a_board(transactional_db, organisation_a, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    an_organisation_profile()
    for number in range(60):
        an_establishment(f"École {number}")
    for number in range(1, 7):
        a_level(f"{number}e année", code=f"{number}e")
    content = a_board(STUDENTS)

    run, checking = timed(lambda: worked(begun(content)))
    assert (run.state, run.counts["new"]) == (State.CHECKED, STUDENTS)
    _, writing = timed(lambda: confirmed(run))
    guardians, links = Guardian.objects.count(), Guardianship.objects.count()
    copied = timed(lambda: copy_raw())[1]
    again, unchanged = timed(lambda: worked(begun(content)))
    assert again.counts["unchanged"] == STUDENTS
    moved, changing = timed(lambda: confirmed(worked(begun(content.replace("École 1,".encode(), "École 2,".encode())))))

    print(f"\nImport of {STUDENTS} students, {guardians} guardians, {links} links ({len(content) / 1e6:.1f} MB)")
    print(f"  processor seconds of this process so far: {time.process_time():.1f}")
    for name, seconds in (("check", checking), ("write", writing), ("check, all known", unchanged)):
        print(f"  {name:<18} {seconds:7.2f} s  {STUDENTS / seconds:8.0f} students/s")
    print(f"  {'check and write':<18} {checking + writing:7.2f} s  {STUDENTS / (checking + writing):8.0f} students/s")
    print(f"  {'a tenth changed':<18} {changing:7.2f} s, check and write, {moved.counts['changed']} changed")
    print(f"  {'raw COPY':<18} {copied:7.2f} s; writing takes {writing / copied:.1f} × as long")
    for students in (STUDENTS // 5, STUDENTS):
        print(f"  peak of Python's memory, {students} students: {peak_of(students):.0f} MB")


def a_board(students: int) -> bytes:
    chance = random.Random(26)  # noqa: S311
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADINGS)
    writer.writerows(_students(students, chance))
    return text.getvalue().encode()


def _students(count: int, chance: random.Random) -> Iterator[list[Any]]:
    for number in range(count):
        name, family = chance.choice(_FAMILIES), number // 2  # two children for each family
        born = date(2014, 1, 1) + timedelta(days=chance.randrange(365 * 6))
        adult = [name, chance.choice(_FIRST), f"parent{family}@example.org"]
        second = [name, chance.choice(_FIRST), f"autre{family}@example.org"] if family % 2 else ["", "", ""]
        school, level, group = f"École {number % 60}", f"{number % 6 + 1}e", f"{number % 30}"
        yield [f"s{number}", number, name, chance.choice(_FIRST), born, school, level, group, *adult, *second]


def confirmed(run: ImportRun) -> ImportRun:
    operations.confirm(run_id=run.id, skip_refused=False, actor=an_importer(), at=clock.now())
    worked(run)
    assert run.state == State.DONE
    return run


def copy_raw() -> None:
    """The same rows of the three tables, without a rule or an index entry less; then undone."""
    tables = {model._meta.db_table: _rows_of(model) for model in (Participant, Guardian, Guardianship)}
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in tables.items():
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        transaction.set_rollback(True)


_KEYS: dict[Any, Any] = {}


def _rows_of(model: Any) -> tuple[str, list[tuple[Any, ...]]]:
    """Each row under another key, as are those that it points to."""
    columns = [field.column for field in model._meta.concrete_fields]
    rows = []
    for row in model.objects.values_list(*columns):
        renamed = dict(zip(columns, row, strict=True))
        for column in ("id", "guardian_id", "participant_id"):
            if column in renamed:
                renamed[column] = _KEYS.setdefault(renamed[column], ids.uuid7())
        for column in ("external_id", "reference"):
            if renamed.get(column):
                renamed[column] = f"raw-{renamed[column]}"
        rows.append(tuple(json.dumps(value) if isinstance(value, list | dict) else value for value in renamed.values()))
    return ", ".join(columns), rows


def peak_of(students: int) -> float:
    content = a_board(students)
    run = begun(content, name="memory.csv")
    tracemalloc.start()
    worked(run)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    answer = act()
    return answer, time.perf_counter() - began
