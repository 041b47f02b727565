"""What a family's file really is: told by its content, made harmless, or refused."""

import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from tenant_apps.forms import antivirus

MOST_BYTES = 10 * 1024 * 1024
_MOST_PIXELS = 25_000_000
_MOST_SEEN_THROUGH = 12_000_000
_MOST_OBJECTS = 20_000
# What a test of antivirus software writes (EICAR), in two parts so that this very file is not taken for it.
_EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!"
_ACTIVE = {"/JS", "/JavaScript", "/Launch", "/RichMedia", "/XFA", "/SubmitForm", "/ImportData"}
_ACTIVE |= {"/EmbeddedFile", "/EmbeddedFiles", "/EF"}


@dataclass(frozen=True, slots=True)
class Checked:
    name: str
    content_type: str
    content: bytes


def checked(file: "UploadedFile[Any]") -> Checked:
    """Raises ValidationError, in words for who sent it."""
    if (file.size or 0) > MOST_BYTES:
        raise forms.ValidationError(_("Ce fichier est trop lourd\u202f: 10 Mo au plus."), code="too_large")
    file.seek(0)
    content = file.read()
    if not content:
        raise forms.ValidationError(_("Ce fichier est vide."), code="empty")
    if _EICAR in content or antivirus.finds_harm(content):
        raise forms.ValidationError(_("Ce fichier est refusé\u202f: il contient un virus."), code="harmful")
    stem = PurePath((file.name or "").replace("\\", "/")).stem
    name = "".join(each for each in stem if each.isprintable())[:150] or "document"
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Checked(f"{name}.pdf", "application/pdf", content)
    if content.startswith(b"\xff\xd8\xff"):
        return Checked(f"{name}.jpg", "image/jpeg", _redrawn(content, "JPEG"))
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Checked(f"{name}.png", "image/png", _redrawn(content, "PNG"))
    raise forms.ValidationError(_("Choisissez un PDF, ou une image JPEG ou PNG."), code="unknown_type")


def _redrawn(content: bytes, kind: str) -> bytes:
    """The same picture and nothing else: no place, no device, nothing behind the last pixel."""
    drawn = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as image:
            _check_size(image)
            ImageOps.exif_transpose(image, in_place=True)
            wanted = "RGB" if kind == "JPEG" or "A" not in image.getbands() else "RGBA"
            image.load()
            image.info.clear()
            # A copy costs four bytes a pixel.
            pixels = image if image.mode == wanted else image.convert(wanted)
            pixels.save(drawn, kind, quality=90)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise forms.ValidationError(_("Cette image est illisible."), code="unreadable") from None
    return drawn.getvalue()


def _check_size(image: Image.Image) -> None:
    """A small file may hold a wall of pixels, each of which takes its memory once it is read."""
    most = _MOST_PIXELS if "A" not in image.getbands() else _MOST_SEEN_THROUGH
    if image.width * image.height > most:
        raise forms.ValidationError(
            _("Cette image est trop grande\u202f: %(most)s millions de pixels au plus."),
            code="too_large",
            params={"most": most // 1_000_000},
        )


def _check_pdf(content: bytes) -> None:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise forms.ValidationError(_("Ce PDF est protégé par un mot de passe."), code="encrypted")
        places = {(generation, number) for generation, table in reader.xref.items() for number in table}
        places |= {(0, number) for number in reader.xref_objStm}
        if len(places) > _MOST_OBJECTS or not reader.pages:
            raise forms.ValidationError(_("Ce PDF est illisible."), code="unreadable")
        objects = (reader.get_object(IndirectObject(number, generation, reader)) for generation, number in places)
        is_active = _is_active(reader.trailer) or any(map(_is_active, objects))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError):
        raise forms.ValidationError(_("Ce PDF est illisible."), code="unreadable") from None
    if is_active:
        raise forms.ValidationError(
            _("Ce PDF contient un programme ou un autre fichier. Enregistrez-le comme une simple impression."),
            code="active",
        )


def _is_active(found: Any) -> bool:
    """Looks into what is written in place; what is referred to is an object of its own, looked into in its turn."""
    waiting = [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, DictionaryObject):
            if _ACTIVE & ({str(key) for key in each} | {str(each.raw_get("/S")) if "/S" in each else ""}):
                return True
            waiting.extend(each.raw_get(key) for key in each)
        elif isinstance(each, ArrayObject):
            waiting.extend(list.__iter__(each))
    return False
