"""« Identité »: what families read of the organisation, and colours on which they can read it."""

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from shared_apps.audit.models import Entry
from tenant_apps.organisation import identity
from tenant_apps.organisation.models import Profile, Role
from tenants.context import in_registry
from tenants.models import Organisation
from tests.clients import HostClient
from tests.office.conftest import SignIn

MANAGERS = {Role.OWNER, Role.ADMINISTRATOR}


def url(name: str = "identity") -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation")


def sent(**more: Any) -> dict[str, Any]:
    said = {
        "name": "Centre des Rivières",
        "short_name": "CSR",
        "contact_email": "allo@csr.example",
        "contact_phone": "819 555-0100",
        "address": "1, rue de l’École",
        "languages": ["fr", "en"],
        "welcome": "Bonjour",
        "help_text": "",
        "brand_colour": "#1d4f91",
        "accent_colour": "#f4b43e",
        "seen": identity.seal_of(Profile.objects.get()),
    }
    return {**said, **more}


def a_picture(kind: str = "PNG", size: tuple[int, int] = (300, 100)) -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGBA" if kind != "JPEG" else "RGB", size, "#1d4f9180").save(written, kind)
    return SimpleUploadedFile("logo.png", written.getvalue())


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


@pytest.mark.parametrize("role", Role.values)
def test_owners_and_administrators_alone_change_it(as_staff: SignIn, role: str) -> None:
    client, allowed = as_staff(role), role in MANAGERS

    assert client.get(url()).status_code == (200 if allowed else 403)
    assert client.post(url(), sent()).status_code == (302 if allowed else 403)
    assert client.post(url("identity_preview"), sent()).status_code == (200 if allowed else 403)
    assert client.get(url("identity_colours"), {"brand": "#1d4f91"}).status_code == (200 if allowed else 403)
    assert (Profile.objects.get().short_name == "CSR") == allowed


def test_what_is_kept_is_shown_told_and_said_to_the_registry(owner: HostClient, organisation_a: Organisation) -> None:
    owner.post(url(), sent())

    profile = Profile.objects.get()
    assert (profile.name, profile.accent_colour, profile.languages) == ("Centre des Rivières", "", ["fr", "en"])
    with in_registry():
        assert Organisation.objects.get(pk=organisation_a.pk).name == "Centre des Rivières"
    changes = Entry.objects.get(action="organisation.identity").details["changes"]
    assert changes["name"] == ["Organisation A", "Centre des Rivières"]
    assert "brand" in profile.first_day


def test_a_second_colour_is_kept_where_it_is_asked_for(owner: HostClient) -> None:
    owner.post(url(), sent(has_accent="on", accent_colour="#C8102E"))
    assert Profile.objects.get().accent_colour == "#c8102e"


@pytest.mark.parametrize("field", ["brand_colour", "accent_colour"])
def test_a_colour_that_nobody_would_see_is_refused_with_the_nearest_that_will_do(owner: HostClient, field: str) -> None:
    page = owner.post(url(), sent(has_accent="on", **{field: "#fffff0"}))

    [told] = page.context["form"].errors[field]
    suggested = told[told.index("#") :][:7]
    assert (page.status_code, Profile.objects.get().short_name) == (422, "Organisation A")
    assert owner.post(url(), sent(has_accent="on", **{field: suggested})).status_code == 302


@pytest.mark.parametrize("colour", ["", "red", "#12", "javascript:alert(1)", "#1d4f91;}body{display:none", "é" * 7])
def test_what_is_no_colour_is_refused(owner: HostClient, colour: str) -> None:
    page = owner.post(url(), sent(brand_colour=colour))

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["brand_colour"])
    assert owner.get(url("identity_colours"), {"brand": colour}).status_code == 400


def test_the_preview_keeps_nothing_and_measures_what_is_typed(owner: HostClient) -> None:
    part = owner.post(url("identity_preview"), sent(brand_colour="#ffd400"))

    measured = [measure.day for measure in part.context["preview"]["measures"]]
    assert all(contrast >= 4.5 for contrast in measured)
    assert "apercu.css?brand=%23ffd400" in part.content.decode()
    assert Profile.objects.get().brand_colour == "#1d4f91"


def test_without_a_script_a_button_shows_the_preview(owner: HostClient) -> None:
    page = owner.post(url(), sent(brand_colour="#00695c", name="Autre", preview="1"))

    assert page.status_code == 200
    assert page.context["preview"]["brand"] == "#00695c"
    assert (page.context["form"]["name"].value(), Profile.objects.get().name) == ("Autre", "Organisation A")


def test_a_logo_is_drawn_anew_and_the_one_before_it_goes(
    owner: HostClient, django_capture_on_commit_callbacks: Any
) -> None:
    owner.post(url(), sent(logo=a_picture("PNG", (3000, 1000))))
    first = Profile.objects.get().logo
    with default_storage.open(first) as file, Image.open(file) as image:
        assert (image.format, image.size, image.mode) == ("WEBP", (528, 176), "RGBA")
    assert HostClient("a.localhost").get(f"/images/{first}").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        owner.post(url(), sent(removes_logo="on"))
    assert Profile.objects.get().logo == ""
    assert not default_storage.exists(first)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content", [SVG, b"", b"GIF89a" + bytes(20), b"\x89PNG\r\n\x1a\n" + bytes(40), b"<html>"], ids=len
)
def test_what_is_no_picture_of_three_kinds_is_refused(owner: HostClient, content: bytes) -> None:
    page = owner.post(url(), sent(logo=SimpleUploadedFile("logo.png", content, "image/png")))

    assert (page.status_code, list(page.context["form"].errors)) == (422, ["logo"])
    assert Profile.objects.get().logo == ""


def test_a_picture_of_too_many_points_is_refused(owner: HostClient) -> None:
    page = owner.post(url(), sent(logo=a_picture("PNG", (5001, 5001))))
    assert list(page.context["form"].errors) == ["logo"]


def test_the_first_language_stays_first(owner: HostClient) -> None:
    page = owner.post(url(), sent(languages=["en"]))
    assert list(page.context["form"].errors) == ["languages"]

    owner.post(url(), sent(languages=["en", "nl", "fr"]))
    assert Profile.objects.get().languages == ["fr", "en", "nl"]


def test_two_who_change_it_at_once_do_not_write_over_each_other(owner: HostClient) -> None:
    said = sent()
    owner.post(url(), sent(welcome="D’abord"))
    page = owner.post(url(), {**said, "welcome": "Ensuite"})

    assert (page.status_code, Profile.objects.get().welcome) == (422, "D’abord")
    assert page.context["form"]["welcome"].value() == "Ensuite"
    assert owner.post(url(), {**said, "welcome": "Ensuite", "seen": page.context["seen"]}).status_code == 302


def test_texts_are_never_markup(owner: HostClient) -> None:
    owner.post(url(), sent(name="<script>alert(1)</script>", welcome="<img src=x onerror=alert(1)>"))

    for page in (owner.get(url()), HostClient("a.localhost").get("/")):
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
