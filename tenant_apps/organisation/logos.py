"""The organisation's logo: drawn anew to the size that pages show, kept at an address that nobody guesses."""

import io
import secrets
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from shared_apps.design.pictures import pixels_of

# Four times what the header shows, for the finest screens.
_MOST = (720, 176)


def drawn(file: "UploadedFile[Any]") -> bytes:
    """As WebP, whole, never enlarged. Raises BadPicture, for an SVG too: it may hold a script."""
    pixels = pixels_of(file)
    pixels.thumbnail(_MOST, Image.Resampling.LANCZOS)
    written = io.BytesIO()
    pixels.save(written, "WEBP", quality=90)
    return written.getvalue()


def store(logo: bytes) -> str:
    return default_storage.save(f"logos/{secrets.token_hex(16)}.webp", ContentFile(logo))


def drop(path: str) -> None:
    """Those that were sent; one that came with a preset is the product's."""
    if path.startswith("logos/"):
        default_storage.delete(path)
