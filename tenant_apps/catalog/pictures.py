"""Pictures of offerings: told by their content, drawn anew in two sizes, kept at an address that nobody guesses."""

import io
import secrets
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

from shared_apps.design.pictures import pixels_of
from tenant_apps.catalog.models import Offering

_LARGE, _SMALL = (1280, 720), (640, 360)
_SMALL_ENDS = "-640.webp"
_ONE_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Drawn:
    """The picture and nothing else: neither place nor device. Both as WebP."""

    large: bytes
    small: bytes


def drawn(file: "UploadedFile[Any]") -> Drawn:
    """Raises BadPicture."""
    pixels = pixels_of(file)
    return Drawn(_fitted(pixels, _LARGE), _fitted(pixels, _SMALL))


def lesser(picture: bytes) -> bytes:
    """The small size of a picture of ours."""
    with Image.open(io.BytesIO(picture), formats=["WEBP"]) as image:
        return _fitted(image, _SMALL)


def store(picture: Drawn) -> str:
    """The path of the large one, as `Offering.picture` keeps it."""
    path = default_storage.save(f"offerings/{secrets.token_hex(16)}.webp", ContentFile(picture.large))
    default_storage.save(small(path), ContentFile(picture.small))
    return path


def small(path: str) -> str:
    """The path of the small one, beside the large one."""
    return path.removesuffix(".webp") + _SMALL_ENDS


def on_card(path: str) -> str:
    """The small one of those that are drawn by us; any other picture has one size."""
    return small(path) if path.endswith(".webp") else path


def large(path: str) -> str:
    """The path of the large one, whichever is named."""
    return path.removesuffix(_SMALL_ENDS) + ".webp" if path.endswith(_SMALL_ENDS) else path


def drop(path: str) -> None:
    """Both sizes, unless another offering shows them too, as a copy does."""
    if path and not Offering.objects.filter(picture=path).exists():
        default_storage.delete(path)
        default_storage.delete(small(path))


def keep(picture: Drawn) -> str:
    """For an hour, while the rest of the form is put right; returns what to ask for it by."""
    token = secrets.token_urlsafe(24)
    cache.set(_key(token), (picture.large, picture.small), _ONE_HOUR)
    return token


def kept(token: str) -> Drawn | None:
    found = cache.get(_key(token)) if token.isascii() and 0 < len(token) <= 64 else None
    return Drawn(*found) if found else None


def _key(token: str) -> str:
    return f"catalog.picture.{token}"


def _fitted(pixels: Image.Image, size: tuple[int, int]) -> bytes:
    """Cut to the shape that pages show, from the middle; never enlarged."""
    width = min(size[0], pixels.width)
    fitted = ImageOps.fit(pixels, (width, max(1, width * size[1] // size[0])), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    fitted.save(written, "WEBP", quality=80)
    return written.getvalue()
