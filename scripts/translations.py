"""The catalogues of the interface: `update` gathers the French texts into them, `check` says what is missing or wrong.

French is the source (docs/decisions/0006): its own catalogue holds the plural forms only, where 0 is singular.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import django
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract, extract_python
from babel.messages.pofile import read_po, write_po
from django.conf import settings

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "platform" / "config" / "locale"
FOLDERS = ["platform", "tenants", "billing", "shared_apps", "tenant_apps", "templates"]
TRANSLATED = ["en", "nl"]
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_TYPOGRAPHY = [
    (re.compile(r"\w'\w"), "a straight apostrophe"),
    (re.compile(r"\.\.\."), "three dots instead of …"),
    (re.compile(r" [;:!?»%$€]"), "an ordinary space before a sign that needs a no-break one"),
    (re.compile(r"« "), "an ordinary space after «"),
    (re.compile(r"\w[;!?](\s|$)"), "no space before a double sign"),
    (re.compile(r"\w :"), "an ordinary space before a colon"),
]
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def source() -> Catalog:
    """Every text of the code and the templates."""
    catalog = Catalog(project="Préau", charset="utf-8")
    for path in _files():
        for _, words, _, context in _texts(path):
            catalog.add(words, locations=[(str(path.relative_to(ROOT)), 1)], context=context)
    return catalog


def update() -> None:
    texts = source()
    for language in [*TRANSLATED, "fr"]:
        catalog = _read(language)
        catalog.update(texts, no_fuzzy_matching=True, update_header_comment=False)
        if language == "fr":
            _keep_plurals(catalog)
        catalog.obsolete.clear()
        _path(language).parent.mkdir(parents=True, exist_ok=True)
        with _path(language).open("wb") as file:
            write_po(file, catalog, width=100, sort_output=True, include_lineno=False, ignore_obsolete=True)


def check() -> list[str]:
    texts = source()
    faults = [fault for message in texts if message.id for fault in _french_faults(message.id)]
    for language in TRANSLATED:
        catalog = _read(language)
        for message in texts:
            if message.id:
                faults += _translation_faults(catalog, language, message)
        known = {(message.id, message.context) for message in texts if message.id}
        faults += [
            f"{language}: no text says {_first(message.id)!r} any more"
            for message in catalog
            if message.id and (message.id, message.context) not in known
        ]
    return faults


def _files() -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def _texts(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    content = path.read_text()
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        content = templatize(content, origin=str(path))
    return extract(extract_python, BytesIO(content.encode()), keywords=KEYWORDS)  # type: ignore[arg-type, return-value]


def _path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _read(language: str) -> Catalog:
    if not _path(language).exists():
        return Catalog(locale=language, project="Préau", charset="utf-8", fuzzy=False)
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def _keep_plurals(catalog: Catalog) -> None:
    for message in list(catalog):
        if not message.id:
            continue
        if isinstance(message.id, str):
            catalog.delete(message.id, message.context)
        else:
            message.string = tuple(message.id)


def _translation_faults(catalog: Catalog, language: str, message: object) -> Iterator[str]:
    words, context = message.id, message.context  # type: ignore[attr-defined]
    found = catalog.get(_first(words), context)
    strings = () if found is None else ((found.string,) if isinstance(found.string, str) else found.string)
    if not strings or not all(strings) or (found is not None and found.fuzzy):
        yield f"{language}: missing: {_first(words)!r}"
        return
    expected = set(_PLACEHOLDER.findall(words if isinstance(words, str) else words[1]))
    if set(_PLACEHOLDER.findall(strings[-1])) != expected:
        yield f"{language}: other placeholders than {sorted(expected)}: {_first(words)!r}"


def _french_faults(words: str | tuple[str, ...] | list[str]) -> Iterator[str]:
    for text in [words] if isinstance(words, str) else words:
        bare = re.sub(r"<[^>]*>|https?://\S+|%\(\w+\)\w|\{[^}]*\}|&\w+;", "x", text)
        for pattern, fault in _TYPOGRAPHY:
            if fault and pattern.search(bare):
                yield f"fr: {fault}: {text!r}"


def _first(words: str | tuple[str, ...] | list[str]) -> str:
    return words if isinstance(words, str) else words[0]


def main(command: str) -> int:
    settings.configure(USE_I18N=True)
    django.setup()
    if command == "update":
        update()
        return 0
    faults = check()
    print("\n".join(faults) if faults else "Every text has its English and its Dutch, and its French typography.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "check"))
