"""Encrypts what only a few may read: AES-GCM with the organisation's own key, bound to the place where it is kept.

A sealed value is `version byte, key number (4 bytes), nonce (12 bytes), ciphertext`. Moved to another row, field or
organisation it no longer opens.
"""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from kernel import clock
from kernel.database import connection
from kernel.transactions import operation
from shared_apps.vault import wrapping
from shared_apps.vault.models import DataKey

_FORMAT = 1
_NONCE = 12


class Unreadable(ValueError):
    """The value was moved, altered, or sealed with a key that is gone."""


def seal(data: Mapping[str, Any], *, place: str, row_id: UUID) -> bytes | None:
    """`data` as bytes to be kept at `place` (« families.Participant.sealed ») of the row; nothing for no data."""
    if not data:
        return None
    return seal_bytes(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode(), place=place, row_id=row_id)


def unseal(sealed: bytes | memoryview | None, *, place: str, row_id: UUID) -> dict[str, Any]:
    """What `seal` was given; an empty dict for nothing. Raises Unreadable."""
    if not sealed:
        return {}
    opened: dict[str, Any] = json.loads(unseal_bytes(sealed, place=place, row_id=row_id))
    return opened


def seal_bytes(content: bytes, *, place: str, row_id: UUID) -> bytes:
    key = _newest()
    nonce = os.urandom(_NONCE)
    head = bytes([_FORMAT]) + key.number.to_bytes(4, "big") + nonce
    return head + AESGCM(wrapping.unwrap(key)).encrypt(nonce, content, _bound(place, row_id))


def unseal_bytes(sealed: bytes | memoryview, *, place: str, row_id: UUID) -> bytes:
    """Raises Unreadable."""
    sealed = bytes(sealed)
    if sealed[:1] != bytes([_FORMAT]):
        raise Unreadable("not a sealed value")
    key = DataKey.objects.filter(number=key_number(sealed)).first()
    if key is None:
        raise Unreadable("its key is gone")
    nonce, ciphertext = sealed[5 : 5 + _NONCE], sealed[5 + _NONCE :]
    try:
        return AESGCM(wrapping.unwrap(key)).decrypt(nonce, ciphertext, _bound(place, row_id))
    except InvalidTag:
        raise Unreadable("moved, altered, or of another organisation") from None


def key_number(sealed: bytes | memoryview) -> int:
    """Which key a value was sealed with, so that a rotation finds what is left to do."""
    return int.from_bytes(bytes(sealed[1:5]), "big")


def keyed_hash(text: str, *, purpose: str) -> str:
    """The same text always gives the same hash in one organisation, and another one elsewhere: found, never read."""
    mac = HMAC(wrapping.secret_for(f"hash.{purpose}"), SHA256())
    mac.update(text.encode())
    return mac.finalize().hex()


@operation
def new_key(*, at: datetime) -> DataKey:
    """A key that everything is sealed with from now on."""
    latest = DataKey.objects.order_by("-number").first()
    number = latest.number + 1 if latest else 1
    return DataKey.objects.create(number=number, wrapped=wrapping.wrapped(os.urandom(32), number), created_at=at)


def _newest() -> DataKey:
    return DataKey.objects.filter(retired_at=None).order_by("-number").first() or new_key(at=clock.now())


def _bound(place: str, row_id: UUID) -> bytes:
    return f"{connection.schema_name}/{place}/{row_id}".encode()
