"""Encrypts what only a few may read: AES-GCM with the organisation's own key, bound to the place where it is kept.

A sealed value is `version byte, key number (4 bytes), nonce (12 bytes), ciphertext`. Moved to another row, field or
organisation it no longer opens.
"""

import json
import os
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from kernel import masking
from kernel.database import connection
from shared_apps.vault import keys, wrapping

_FORMAT = 1
_NONCE = 12
# What stands before the ciphertext.
HEAD = 1 + 4 + _NONCE


class Unreadable(ValueError):
    """The value was moved, altered, or sealed with a key that is gone."""


def seal(data: Mapping[str, Any], *, place: str, row_id: UUID) -> bytes | None:
    """`data` as bytes to be kept at `place` (« families.Participant.sealed ») of the row; nothing for no data."""
    if not data:
        return None
    return seal_bytes(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode(), place=place, row_id=row_id)


def unseal(sealed: bytes | memoryview | None, *, place: str, row_id: UUID) -> dict[str, Any]:
    """What `seal` was given; an empty dict for nothing, and for who may not read of persons. Raises Unreadable."""
    if not sealed or masking.is_on():
        return {}
    opened: dict[str, Any] = json.loads(unseal_bytes(sealed, place=place, row_id=row_id))
    return opened


def seal_bytes(content: bytes, *, place: str, row_id: UUID) -> bytes:
    number = keys.newest().number
    nonce = os.urandom(_NONCE)
    head = bytes([_FORMAT]) + number.to_bytes(4, "big") + nonce
    return head + keys.cipher(number).encrypt(nonce, content, _bound(place, row_id))


def unseal_bytes(sealed: bytes | memoryview, *, place: str, row_id: UUID) -> bytes:
    """Raises Unreadable."""
    if masking.is_on():
        raise Unreadable("not for who reads now")
    sealed = bytes(sealed)
    if len(sealed) < HEAD or sealed[0] != _FORMAT:
        raise Unreadable("not a sealed value")
    try:
        return _opened(sealed, _bound(place, row_id))
    except keys.KeyGone:
        raise Unreadable("its key is gone") from None
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


def _opened(sealed: bytes, bound: bytes) -> bytes:
    nonce, ciphertext = sealed[5:HEAD], sealed[HEAD:]
    try:
        return keys.cipher(key_number(sealed)).decrypt(nonce, ciphertext, bound)
    except InvalidTag:
        # The key remembered may be one whose transaction was undone, and another made since under its number.
        keys.forget()
        return keys.cipher(key_number(sealed)).decrypt(nonce, ciphertext, bound)


def _bound(place: str, row_id: UUID) -> bytes:
    return f"{connection.schema_name}/{place}/{row_id}".encode()
