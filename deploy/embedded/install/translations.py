"""Compiled translations, made again for each catalogue that has changed."""

import os
import subprocess
import sys
from pathlib import Path

from deploy.embedded.install import environment

_CATALOGUES = environment.REPOSITORY / "platform" / "config" / "locale"


def ensure() -> None:
    """Compile what is missing or older than its source, with the environment's Babel."""
    stale = [str(source) for source in sorted(_CATALOGUES.glob("*/LC_MESSAGES/*.po")) if _is_stale(source)]
    if stale:
        command = [str(environment.PYTHON), "-m", "deploy.embedded.install.translations", *stale]
        subprocess.run(command, cwd=environment.REPOSITORY, check=True)


def compile_catalogue(source: Path) -> None:
    """Write the .mo beside the .po; entries marked fuzzy are left out."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    draft = source.with_suffix(f".{os.getpid()}")
    with source.open("rb") as text, draft.open("wb") as compiled:
        write_mo(compiled, read_po(text, locale=source.parts[-3]))
    draft.replace(source.with_suffix(".mo"))


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        compile_catalogue(Path(argument))
