"""What families' files may hold: told by their content, made harmless, or refused."""

import io
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from tenant_apps.forms.scanning import Checked, checked


def look_at(content: bytes, name: str = "document.pdf") -> Checked:
    return checked(SimpleUploadedFile(name, content))


def refused(content: bytes) -> str:
    with pytest.raises(ValidationError) as error:
        look_at(content)
    return str(error.value.code)


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", size, "red").save(drawn, kind, **more)
    return drawn.getvalue()


def a_pdf(change: Any = None, password: str = "") -> bytes:
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    if change:
        change(writer)
    if password:
        writer.encrypt(password)
    writer.write(written)
    return written.getvalue()


def test_a_picture_keeps_its_pixels_and_loses_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Téléphone"
    exif[0x0112] = 6  # held upright
    content = look_at(a_picture(exif=exif)).content

    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (30, 40), {})


def test_what_stands_behind_the_last_pixel_is_gone() -> None:
    content = look_at(a_picture("PNG") + b"<script>alert(1)</script>", "x.png").content
    assert b"script" not in content


@pytest.mark.parametrize(
    ("mode", "size", "told"),
    [
        ("RGB", (5_000, 5_001), "Cette image est trop grande\u202f: 25 millions de pixels au plus."),
        ("RGBA", (4_000, 3_001), "Cette image est trop grande\u202f: 12 millions de pixels au plus."),
    ],
)
def test_a_picture_of_too_many_pixels_is_not_even_read(mode: str, size: tuple[int, int], told: str) -> None:
    drawn = io.BytesIO()
    Image.new(mode, size).save(drawn, "PNG")

    with pytest.raises(ValidationError) as error:
        look_at(drawn.getvalue())
    assert (error.value.code, error.value.messages) == ("too_large", [told])


@pytest.mark.parametrize(
    ("mode", "kept"), [("RGB", "RGB"), ("RGBA", "RGBA"), ("L", "RGB"), ("P", "RGB"), ("LA", "RGBA")]
)
def test_a_picture_of_any_mode_keeps_its_pixels_and_loses_its_words(mode: str, kept: str) -> None:
    original, drawn, words = Image.new(mode, (4, 3), 1), io.BytesIO(), PngInfo()
    words.add_text("Auteur", "Marie")
    original.save(drawn, "PNG", pnginfo=words, dpi=(300, 300))

    with Image.open(io.BytesIO(look_at(drawn.getvalue(), "x.png").content)) as image:
        assert (image.mode, image.info) == (kept, {})
        assert image.tobytes() == original.convert(kept).tobytes()


@pytest.mark.parametrize("half", [a_picture()[:200], a_picture("PNG")[:60]])
def test_half_a_picture_is_refused(half: bytes) -> None:
    assert refused(half) == "unreadable"


def launch(writer: PdfWriter) -> None:
    action = {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc.exe")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def script_behind_a_page(writer: PdfWriter) -> None:
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x")})
    opened = DictionaryObject({NameObject("/O"): writer._add_object(action)})
    writer.pages[0][NameObject("/AA")] = opened


def another_file(writer: PdfWriter) -> None:
    writer.add_attachment("virus.exe", b"MZ")


def a_file_pinned_to_a_page(writer: PdfWriter) -> None:
    """As a note on the page, that no list of the document names."""
    attached = writer._add_object(StreamObject())
    file = DictionaryObject({NameObject("/EF"): DictionaryObject({NameObject("/F"): attached})})
    pin = DictionaryObject({NameObject("/Subtype"): NameObject("/FileAttachment"), NameObject("/FS"): file})
    writer.pages[0][NameObject("/Annots")] = ArrayObject([pin])


@pytest.mark.parametrize("change", [launch, script_behind_a_page, another_file, a_file_pinned_to_a_page])
def test_a_pdf_that_does_something_is_refused(change: Any) -> None:
    assert refused(a_pdf(change)) == "active"


def test_a_pdf_with_a_password_is_refused() -> None:
    assert refused(a_pdf(password="x")) == "encrypted"


def test_a_plain_pdf_is_kept_as_it_is() -> None:
    content = a_pdf()
    assert look_at(content, "..\\..\\Mon certificat.exe") == Checked("Mon certificat.pdf", "application/pdf", content)


@given(st.binary(max_size=400))
def test_whatever_is_sent_is_accepted_or_refused_in_words(content: bytes) -> None:
    for start in (b"", b"%PDF-1.7\n", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(ValidationError):
            look_at(start + content)


@given(st.text(max_size=300))
def test_whatever_it_is_called_its_name_is_short_and_has_no_folder(name: str) -> None:
    file = SimpleUploadedFile("x", a_pdf())
    file._name = name  # as a browser may send it
    kept = checked(file).name
    assert kept.endswith(".pdf")
    assert len(kept) <= 154
    assert kept.isprintable()
    assert not set(kept) & {"/", "\\"}


class Antivirus:
    """Speaks clamd's INSTREAM for one file."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.seen = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        connection, _address = self.listener.accept()
        with connection, connection.makefile("rb") as sent:
            assert sent.read(10) == b"zINSTREAM\0"
            while size := int.from_bytes(sent.read(4), "big"):
                self.seen += sent.read(size)
            connection.sendall(self.answer)


@pytest.fixture
def antivirus(request: pytest.FixtureRequest, settings: Any) -> Iterator[Antivirus]:
    server = Antivirus(request.param)
    settings.CLAMD_ADDRESS = server.address
    yield server
    server.thread.join(5)
    server.listener.close()


@pytest.mark.parametrize("antivirus", [b"stream: OK\0"], indirect=True)
def test_the_antivirus_sees_the_whole_file(antivirus: Antivirus) -> None:
    content = a_picture("PNG", (300, 300), compress_level=0)
    look_at(content, "x.png")
    assert antivirus.seen == content
    assert len(content) > 3 * 64 * 1024


@pytest.mark.parametrize("antivirus", [b"stream: Win.Test FOUND\0"], indirect=True)
@pytest.mark.usefixtures("antivirus")
def test_what_the_antivirus_finds_is_refused() -> None:
    assert refused(a_picture()) == "harmful"


@pytest.mark.parametrize("antivirus", [b"INSTREAM size limit exceeded. ERROR\0", b""], indirect=True)
@pytest.mark.usefixtures("antivirus")
def test_nothing_is_let_in_unseen() -> None:
    assert refused(a_picture()) == "None"


def test_nothing_is_let_in_while_the_antivirus_is_away(settings: Any) -> None:
    settings.CLAMD_ADDRESS = "127.0.0.1:9"
    with pytest.raises(ValidationError, match="Réessayez plus tard"):
        look_at(a_picture())
