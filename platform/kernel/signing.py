"""Signed values. Each carries its organisation: what one made, another refuses."""

from typing import Any

from django.core import signing
from django.utils.crypto import salted_hmac

from kernel.database import connection

# What `read` raises.
BadSignature = signing.BadSignature


def sign(value: Any, *, purpose: str) -> str:
    """A URL-safe text that only this organisation can read back, for this purpose."""
    return signing.dumps(value, salt=_salt(purpose), compress=False)


def read(signed: str, *, purpose: str, max_age_seconds: int | None = None) -> Any:
    """Raises BadSignature for a value of another organisation, purpose or time."""
    return signing.loads(signed, salt=_salt(purpose), max_age=max_age_seconds)


def key(*, purpose: str) -> bytes:
    """A key of this organisation for one purpose, for libraries that sign by themselves."""
    return salted_hmac(_salt(purpose), "key", algorithm="sha256").digest()


def _salt(purpose: str) -> str:
    return f"preau.{connection.schema_name}.{purpose}"
