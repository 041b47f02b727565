"""What the pages load: colours and pictures, and never a private file."""

import re
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from tests.clients import HostClient
from tests.factories.catalog import an_offering
from tests.factories.organisation import an_organisation_profile
from tests.portal.people import words


def test_the_colours_are_the_organisations_and_are_kept_under_their_own_address(client: HostClient) -> None:
    an_organisation_profile(brand_colour="#7a1f3d")

    response = client.get("/marque.css?v=1")

    assert response["Content-Type"] == "text/css"
    assert "--brand:#7a1f3d" in response.content.decode()
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def test_without_a_version_the_colours_are_asked_again_soon(client: HostClient) -> None:
    assert client.get("/marque.css")["Cache-Control"] == "public, max-age=300"


def test_the_picture_of_a_published_offering_is_served(client: HostClient) -> None:
    path = default_storage.save("offerings/musee.webp", ContentFile(b"picture"))
    an_offering(picture=path)

    response = client.get(f"/images/{path}")

    assert b"".join(response.streaming_content) == b"picture"
    assert response["Content-Type"] == "image/webp"
    assert response["Cache-Control"] == "public, max-age=86400"


def test_a_card_shows_the_lesser_size_or_the_one_that_there_is(
    client: HostClient, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    both = default_storage.save("offerings/deux.webp", ContentFile(b"large"))
    default_storage.save("offerings/deux-640.webp", ContentFile(b"small"))
    alone = default_storage.save("offerings/une.webp", ContentFile(b"one size"))
    foreign = default_storage.save("offerings/autre.png", ContentFile(b"not ours"))
    for path in (both, alone, foreign):
        an_offering(picture=path)

    page = client.get("/activites").content.decode()
    shown = sorted(re.findall(r'<img class="card-picture" src="([^"]+)"', page))

    assert shown == ["/images/offerings/autre.png", "/images/offerings/deux-640.webp", "/images/offerings/une-640.webp"]
    served = [b"".join(client.get(address).streaming_content) for address in shown]
    assert served == [b"not ours", b"small", b"one size"]


@pytest.mark.parametrize(
    "path", ["receipts/1.pdf", "../../etc/passwd", "offerings/autre.webp", "a/..%2Fx.webp", "a%00.webp"]
)
def test_no_other_file_is(client: HostClient, path: str) -> None:
    default_storage.save("receipts/1.pdf", ContentFile(b"private"))
    default_storage.save("offerings/autre.webp", ContentFile(b"nobody's"))

    assert client.get(f"/images/{path}").status_code == 404


def test_the_picture_of_a_draft_is_not_served(client: HostClient) -> None:
    path = default_storage.save("offerings/brouillon.webp", ContentFile(b"picture"))
    an_offering(picture=path, status="draft")

    assert client.get(f"/images/{path}").status_code == 404


def test_a_picture_that_is_gone_is_not_found(client: HostClient) -> None:
    an_offering(picture="offerings/perdue.webp")

    assert client.get("/images/offerings/perdue.webp").status_code == 404


def test_robots_are_kept_out_of_what_is_personal(client: HostClient) -> None:
    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /commande" in text
    assert "Disallow: /activites" not in text


@pytest.mark.parametrize(("path", "said"), [("/accessibilite", "WCAG 2.2"), ("/confidentialite", "Vos droits")])
def test_the_statements_are_there(client: HostClient, path: str, said: str) -> None:
    assert said in words(client.get(path))
