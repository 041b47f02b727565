"""Only the gateway speaks to the processor: the contract that says so names every other file of billing."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MAY = {"__init__", "gateway", "migrations"}


def test_the_contract_names_every_file_of_billing_but_the_gateway() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    (only,) = [each for each in contracts if each["name"] == "Only the gateway speaks to the processor"]
    named = {name.removeprefix("billing.") for name in only["source_modules"] if name.startswith("billing.")}

    written = {
        path.stem for path in (ROOT / "billing").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert named == written - _MAY
