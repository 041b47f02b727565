"""A complete copy of 100,000 rows, one in ten of them sealed: rows a second, and memory that does not follow them."""

import resource
import time
import tracemalloc
from pathlib import Path

import pytest

from kernel import ids
from shared_apps.vault import keys
from shared_apps.vault.sealing import seal
from tenant_apps.families.models import Participant
from tenants.leaving import export
from tenants.leaving.archive import Zipped
from tests.factories.families import a_child
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile

SMALL, LARGE = 10_000, 100_000
# By the clock of a machine with two processors.
LEAST_ROWS_A_SECOND = 2_000
MOST_MORE_BYTES = 8 * 1024 * 1024
PLACE = "families.Participant.sealed"


def put(rows: int) -> None:
    model = a_child("Ada")
    for begin in range(0, rows, 1_000):
        batch = []
        for number in range(begin, begin + 1_000):
            row_id = ids.uuid7()
            said = None if number % 10 else seal({"allergies": f"noix {number}"}, place=PLACE, row_id=row_id)
            batch.append(
                Participant(
                    id=row_id,
                    first_name=f"Ada {number}",
                    last_name="Lapointe",
                    birth_date=model.birth_date,
                    answers={"teacher": "Prof"},
                    sealed=said,
                )
            )
        Participant.objects.bulk_create(batch)


def one(organisation: object, path: Path) -> tuple[int, float]:
    began = time.perf_counter()
    with path.open("wb") as file:
        target = Zipped(file)
        report = export.write(organisation=organisation, target=target, at=NOON, told=lambda *_: None)  # type: ignore[arg-type]
        target.close()
    return sum(report.rows.values()), time.perf_counter() - began


def peak(organisation: object, path: Path) -> int:
    tracemalloc.start()
    one(organisation, path)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


@pytest.mark.django_db(transaction=True)
def measure_export(organisation_a, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    keys.forget()
    an_organisation_profile()
    put(SMALL)
    small = peak(organisation_a, tmp_path / "small.zip")
    put(LARGE - SMALL)
    large = peak(organisation_a, tmp_path / "large.zip")
    rows, seconds = one(organisation_a, tmp_path / "timed.zip")
    size = (tmp_path / "timed.zip").stat().st_size
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    print(
        f"\n{rows} rows in {seconds:.1f} s: {rows / seconds:.0f} a second, {size / 1e6:.1f} MB, as CSV and JSON Lines"
    )
    print(f"  memory of Python at its highest: {small / 1e6:.1f} MB for {SMALL} rows, {large / 1e6:.1f} MB for {LARGE}")
    print(f"  resident at most: {resident} MB")
    assert rows / seconds >= LEAST_ROWS_A_SECOND
    assert large - small <= MOST_MORE_BYTES
