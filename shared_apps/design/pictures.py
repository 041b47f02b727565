"""Pictures that people send: told by their content, never by their name, and drawn anew before they are kept."""

import io
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kernel.errors import Refusal

MOST_BYTES = 10 * 1024 * 1024
_MOST_PIXELS = 25_000_000


class BadPicture(Refusal):
    code = "bad_picture"
    message = _("Choisissez une image JPEG, PNG ou WebP de 10 Mo au plus, et de 25 millions de pixels au plus.")


def pixels_of(file: "UploadedFile[Any]") -> Image.Image:
    """What the picture shows and nothing else: neither place nor device. Raises BadPicture."""
    if not 0 < (file.size or 0) <= MOST_BYTES:
        raise BadPicture
    file.seek(0)
    try:
        with Image.open(io.BytesIO(file.read()), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise BadPicture
            ImageOps.exif_transpose(image, in_place=True)
            return image.convert("RGBA" if "A" in image.getbands() or "transparency" in image.info else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise BadPicture from None
