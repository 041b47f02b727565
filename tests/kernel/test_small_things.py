"""Identifiers, registries, states and the clock."""

import time
import uuid
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from kernel import clock, ids
from kernel.registry import Registry
from kernel.states import sources


class Light(Enum):
    RED = "red"
    GREEN = "green"


MOVES = {Light.RED: frozenset({Light.GREEN})}


def test_identifiers_are_uuids_of_version_7_of_now() -> None:
    made = ids.uuid7()

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert abs((made.int >> 80) / 1000 - time.time()) < 5
    assert ids.uuid7() != made


def test_identifiers_sort_as_they_were_made_within_a_millisecond_too(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter(range(1_800_000_000_999_000_000, 1_800_000_001_001_000_000, 300))
    monkeypatch.setattr(ids.time, "time_ns", lambda: next(moments))

    made = [ids.uuid7() for _ in range(6000)]

    assert made == sorted(made)
    assert {(each.version, each.variant) for each in made} == {(7, uuid.RFC_4122)}


def test_references_can_be_dictated() -> None:
    reference = ids.reference()

    assert [len(part) for part in reference.split("-")] == [4, 4]
    assert set(reference) & set("01OIL") == set()


def test_a_registry_knows_each_name_once() -> None:
    registry: Registry[str] = Registry("greeting")
    registry.register("fr", "bonjour")

    with pytest.raises(ValueError, match="greeting 'fr' is registered twice"):
        registry.register("fr", "salut")
    with pytest.raises(LookupError, match=r"no greeting is named 'nl'; there are \['fr'\]"):
        registry["nl"]
    assert (list(registry), registry.get("nl")) == ([("fr", "bonjour")], None)


def test_a_state_moves_by_its_table_alone() -> None:
    assert (sources(MOVES, Light.GREEN), sources(MOVES, Light.RED)) == ([Light.RED], [])


def test_the_clock_moves_for_every_process_that_reads_the_same_file(settings: Settings, tmp_path: Path) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"

    clock.advance(timedelta(days=2))
    clock.advance(timedelta(hours=1))

    moved = clock.now() - datetime.now(UTC)
    assert timedelta(days=2, hours=1) - timedelta(seconds=1) < moved <= timedelta(days=2, hours=1)


def test_in_production_the_clock_does_not_move(settings: Settings) -> None:
    settings.CLOCK_FILE = None

    with pytest.raises(RuntimeError):
        clock.advance(timedelta(days=1))


def test_a_day_ends_at_midnight_of_its_own_zone() -> None:
    end = clock.end_of_day(date(2026, 8, 24), ZoneInfo("America/Toronto"))

    assert end.astimezone(UTC) == datetime(2026, 8, 25, 4, tzinfo=UTC)
