"""What every template of the house keeps: known icons, no inline style or script, French spaces."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared_apps.design import bundle, icons

TEMPLATES = sorted((Path(__file__).parents[2] / "templates").rglob("*.html"))
SCRIPTS = sorted((bundle.HERE / "static" / "design" / "js").glob("*.js"))
ON_SCREEN = [path for path in TEMPLATES if "emails" not in path.parts]


def test_the_served_style_sheet_is_the_sources_joined() -> None:
    assert bundle.SERVED.read_text() == bundle.bundled()


def test_the_served_style_sheet_stays_small() -> None:
    assert len(bundle.SERVED.read_bytes()) < 45_000


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_stays_small_and_asks_nobody(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) < 70
    assert "http:" not in source
    assert "https:" not in source
    assert "eval" not in source


def test_every_icon_named_in_a_template_is_kept() -> None:
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert [name for name in sorted(named) if not (icons.FOLDER / f"{name}.svg").is_file()] == []


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    guilty = re.compile(
        r'\sstyle="|<style|<script(?![^>]*\ssrc=)(?![^>]*application/ld\+json)|\son[a-z]+="|javascript:'
    )
    assert [path.name for path in ON_SCREEN if guilty.search(path.read_text())] == []


def test_high_punctuation_has_its_narrow_space() -> None:
    plain = re.compile(r"[\w»’”)}] [:;!?](?=[\s\"<{]|$)", re.MULTILINE)
    outside_comments = {str(path): re.sub(r"{#.*?#}", "", path.read_text()) for path in TEMPLATES}
    assert [name for name, source in outside_comments.items() if plain.search(source)] == []
