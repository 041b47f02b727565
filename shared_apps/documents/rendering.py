"""Draws documents: tagged PDF (PDF/UA-1), in the reader's language, with our own fonts."""

import json
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

_FONTS = Path(__file__).parent / "fonts"


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """`templates/documents/<template>.typ` filled with `data`, which reaches it as text and never as markup."""
    source = settings.ROOT / "templates" / "documents" / f"{template}.typ"
    words = json.dumps(data, ensure_ascii=False).replace("\u202f", "\u00a0")  # the font has no narrow no-break space
    rendered: bytes = typst.compile(
        str(source),
        root=str(source.parent),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": words},
        pdf_standards=["ua-1"],
    )
    return rendered
