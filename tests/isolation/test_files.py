"""Files of one organisation are out of reach of another, by any path."""

from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from pytest_django import Settings

from tenants.context import in_organisation
from tenants.models import Organisation
from tenants.storage import LocalFiles, NoAddress, S3Files


@pytest.fixture
def files(settings: Settings, tmp_path: Path) -> LocalFiles:
    settings.MEDIA_ROOT = tmp_path
    return LocalFiles()


@pytest.fixture
def bucket(settings: Settings) -> S3Files:
    settings.S3_BUCKET, settings.S3_ENDPOINT_URL = "preau", "http://127.0.0.1:1"
    return S3Files()


def test_each_has_its_own_folder(
    files: LocalFiles, tmp_path: Path, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    name = files.save("receipts/1.pdf", ContentFile(b"of a"))

    assert (tmp_path / organisation_a.schema_name / name).read_bytes() == b"of a"
    with in_organisation(organisation_b):
        assert not files.exists(name)
        with pytest.raises(FileNotFoundError):
            files.open(name)


def test_only_the_application_reads_them(files: LocalFiles, tmp_path: Path, organisation_a: Organisation) -> None:
    path = Path(files.path(files.save("receipts/1.pdf", ContentFile(b"of a"))))

    assert [oct(each.stat().st_mode & 0o777) for each in (path, path.parent)] == ["0o600", "0o700"]


@pytest.mark.parametrize("way", ["../{b}/receipt.pdf", "x/../../{b}/receipt.pdf", "{root}/{b}/receipt.pdf"])
def test_no_path_leads_to_anothers_files(
    way: str, files: LocalFiles, tmp_path: Path, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    with in_organisation(organisation_b):
        files.save("receipt.pdf", ContentFile(b"of b"))

    with pytest.raises(SuspiciousOperation):
        files.open(way.format(b=organisation_b.schema_name, root=tmp_path))


@pytest.mark.parametrize("way", ["../{b}/receipt.pdf", "x/../../{b}/receipt.pdf", "/../{b}/receipt.pdf"])
def test_nor_in_the_bucket(
    way: str, bucket: S3Files, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    with pytest.raises(SuspiciousOperation):
        bucket.open(way.format(b=organisation_b.schema_name))


def test_the_bucket_has_a_prefix_for_each(
    bucket: S3Files, organisation_a: Organisation, organisation_b: Organisation
) -> None:
    own = bucket._normalize_name("receipt.pdf")
    with in_organisation(organisation_b):
        others = bucket._normalize_name("receipt.pdf")

    assert (own, others) == (
        f"t/{organisation_a.schema_name}/receipt.pdf",
        f"t/{organisation_b.schema_name}/receipt.pdf",
    )


def test_none_has_an_address_on_the_web(files: LocalFiles, bucket: S3Files, organisation_a: Organisation) -> None:
    for storage in (files, bucket):
        with pytest.raises(NoAddress):
            storage.url("receipt.pdf")
