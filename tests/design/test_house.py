"""What every template of the house keeps: known icons, nothing unused, no inline style or script, French spaces."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared_apps.design import bundle, icons

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((bundle.HERE / "static" / "design" / "js").glob("*.js"))
PRODUCT = "\n".join(
    path.read_text()
    for folder in ("templates", "shared_apps", "tenant_apps")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".html", ".py", ".js"}
)
ON_SCREEN = [path for path in TEMPLATES if "emails" not in path.parts]


def test_the_served_style_sheet_is_the_sources_joined() -> None:
    assert bundle.SERVED.read_text() == bundle.bundled()


def test_the_served_style_sheet_stays_small() -> None:
    assert len(bundle.SERVED.read_bytes()) < 48_000


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_stays_small_and_asks_nobody(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) < 100
    assert "http:" not in source
    assert "https:" not in source
    assert "eval" not in source


def test_every_icon_named_in_a_template_is_kept() -> None:
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text())}
    assert [name for name in sorted(named) if not (icons.FOLDER / f"{name}.svg").is_file()] == []


def test_every_icon_kept_is_named_somewhere() -> None:
    kept = {path.stem for path in icons.FOLDER.glob("*.svg")}
    assert sorted(kept - set(re.findall(r'"([a-z0-9-]+)"', PRODUCT))) == []


def test_every_component_is_used_by_a_page() -> None:
    kept = {path.name for path in TEMPLATES if path.parent.name == "components"}
    assert sorted(kept - set(re.findall(r"components/([a-z_]+\.html)", PRODUCT))) == []


def test_every_class_of_the_style_sheet_is_used() -> None:
    selectors = re.sub(r"{[^{}]*}", "{}", bundle.SERVED.read_text())
    completed_elsewhere = re.compile(r"icon-.*|(button|tag|notice|width)-.*|toast|hold-ending")
    styled = {name for name in re.findall(r"\.([a-z][a-z-]*)", selectors) if not completed_elsewhere.fullmatch(name)}
    widths = re.findall(r"block main_width %}([a-z ]+)", PRODUCT)
    written = re.findall(r'class="([^"]*)"', re.sub(r"{%.*?%}", " ", PRODUCT))
    assert sorted(styled - set(" ".join([*widths, *written]).split())) == []


def test_no_template_carries_a_style_or_a_script_of_its_own() -> None:
    guilty = re.compile(
        r'\sstyle="|<style|<script(?![^>]*\ssrc=)(?![^>]*application/ld\+json)|\son[a-z]+="|javascript:'
    )
    assert [path.name for path in ON_SCREEN if guilty.search(path.read_text())] == []


def test_high_punctuation_has_its_narrow_space() -> None:
    plain = re.compile(r"[\w»’”)}] [:;!?](?=[\s\"<{]|$)", re.MULTILINE)
    outside_comments = {str(path): re.sub(r"{#.*?#}", "", path.read_text()) for path in TEMPLATES}
    assert [name for name, source in outside_comments.items() if plain.search(source)] == []
