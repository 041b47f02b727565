"""The browser of the tests: found, or its absence told; never passed over in silence where all must run."""

from pathlib import Path

import pytest

from deploy.embedded import browser


def _program(folder: Path, *, status: int) -> Path:
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\nexit {status}\n")
    program.chmod(0o755)
    return program


def test_a_named_browser_is_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = _program(folder, status=0)
    monkeypatch.setenv("CHROMIUM", str(program))

    assert browser.find() == program


def test_the_machines_browser_is_found(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = _program(folder, status=0)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(folder))

    assert browser.find() == program


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_without_a_browser_only_continuous_integration_fails(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    ci: str,
    status: int,
) -> None:
    monkeypatch.setenv("CHROMIUM", str(_program(folder, status=1)))
    monkeypatch.setenv("CI", ci)

    assert browser.main() == status

    assert capsys.readouterr().err == f"{browser.HOW_TO_GET_ONE}\n"
