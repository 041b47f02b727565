"""Every case of `eligibility_cases.yaml`: who may take what, when, and which reasons are said."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tenants.models import Organisation
from tests.catalog.eligibility_world import World
from tests.factories.organisation import an_organisation_profile

SECTIONS = yaml.safe_load(Path(__file__).with_name("eligibility_cases.yaml").read_text())


def _cases() -> list[Any]:
    return [
        pytest.param({**_given(section), **case}, id=f"{section['about']}: {case['name']}".replace(" ", "_"))
        for section in SECTIONS
        for case in section["cases"]
    ]


def _given(section: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in section.items() if name not in ("about", "cases")}


@pytest.mark.line("S1-28", "S1-29", "S1-30", "S3-36", "S4-24", "S4-25", "O-05")
@pytest.mark.parametrize("told", _cases())
def test_the_evaluator_says(organisation_a: Organisation, told: dict[str, Any]) -> None:
    an_organisation_profile(time_zone=told.get("zone", "America/Toronto"))

    world = World(told)
    assert world.reasons() == told["says"]
    assert world.is_the_time_for_the_database() == world.is_the_time()


def test_there_are_enough_of_them_and_each_is_told_once() -> None:
    names = [f"{section['about']} {case['name']}" for section in SECTIONS for case in section["cases"]]

    assert len(names) == len(set(names)) >= 250
