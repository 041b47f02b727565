"""Anybody runs a published draw again: with the command, and with the lines that the documentation gives."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.openings.models import Opening
from tenant_apps.registrations.lottery import algorithm, draw, publication
from tests.factories.catalog import an_option
from tests.factories.openings import DRAW, a_wish, an_offering_of, an_opening

DOCUMENTED = Path(__file__).parents[3] / "docs" / "draw.md"


@pytest.fixture
def opening() -> Opening:
    opening = an_opening()
    offering = an_offering_of(opening, quotas=[])
    options = [an_option(places=places, offering=offering) for places in (2, 1, None)]
    for number in range(7):
        a_wish(opening, options[number % 2], options[1 - number % 2])
    a_wish(opening, options[2])
    draw.run(opening_id=opening.id, actor=SYSTEM, at=DRAW)
    opening.refresh_from_db()
    return opening


@pytest.fixture
def published(opening: Opening, tmp_path: Path) -> Path:
    path = tmp_path / "draw.json"
    path.write_bytes(publication.read(opening) or b"")
    return path


@pytest.mark.line("O-03")
def test_the_command_agrees_with_what_was_published(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("draw_replay", published)

    assert capsys.readouterr().out == "The draw agrees: 8 wishes, the same ranks and the same choices.\n"


def test_the_command_says_what_was_changed(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(published.read_text())
    name = next(name for name, got in document["results"].items() if got["choice"] is None)
    document["results"][name]["choice"] = 1
    published.write_text(json.dumps(document))

    with pytest.raises(CommandError, match=name):
        call_command("draw_replay", published, "--json")

    assert json.loads(capsys.readouterr().out)["agrees"] is False


def test_the_command_refuses_another_promise_and_what_is_no_file(published: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not the one that was promised"):
        call_command("draw_replay", published, "--commitment", "0" * 64)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("draw_replay", tmp_path / "none.json")


@pytest.mark.line("O-03")
def test_the_lines_of_the_documentation_find_the_same(published: Path, tmp_path: Path) -> None:
    """They import nothing of ours: who trusts nobody runs them alone."""
    [lines] = re.findall(r"```python\n(.*?)```", DOCUMENTED.read_text(), re.DOTALL)
    script = tmp_path / "replay.py"
    script.write_text(lines)

    def said() -> str:
        return subprocess.run(
            [sys.executable, "-I", script, published], capture_output=True, text=True, check=True
        ).stdout

    assert said() == "agrees\n"
    document = json.loads(published.read_text())
    published.write_text(json.dumps({**document, "seed": "other"}))
    assert said().startswith("the seed is not the one that was promised\n")


def test_the_trail_keeps_the_print_of_the_file(opening: Opening) -> None:
    entry = Entry.objects.get(action="opening.drawn")

    text = (publication.read(opening) or b"").decode()
    assert entry.details["sha256"] == algorithm.digest(text)
    assert (entry.details["wishes"], entry.details["granted"]) == (8, 4)
