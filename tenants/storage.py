"""Files: each organisation's below a folder of its own, none of them with an address on the web.

They are given out by the views of the rooms, which know who may read them.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from storages.backends.s3 import S3Storage

from kernel.database import connection


class NoAddress(ValueError):
    """A file was asked for its address on the web."""


class LocalFiles(FileSystemStorage):
    """Below MEDIA_ROOT, readable by the application's account only."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> str:
        return str(Path(settings.MEDIA_ROOT, connection.schema_name))

    @property
    def location(self) -> str:
        return self.base_location

    def url(self, name: str | None) -> str:
        raise NoAddress(f"{name} is given out by a view")


class S3Files(S3Storage):  # type: ignore[misc]
    """In one bucket, under a prefix that the storage's own path checks are held to."""

    def get_default_settings(self) -> dict[str, Any]:
        defaults = super().get_default_settings()
        # A property below: joined and checked at each use, unlike a prefix put into the names.
        del defaults["location"]
        return {
            **defaults,
            "bucket_name": settings.S3_BUCKET,
            "endpoint_url": settings.S3_ENDPOINT_URL,
            "signature_version": "s3v4",
            "file_overwrite": False,
            "default_acl": None,
        }

    @property
    def location(self) -> str:
        return f"t/{connection.schema_name}"

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        raise NoAddress(f"{name} is given out by a view")
