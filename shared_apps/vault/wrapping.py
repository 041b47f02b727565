"""How an organisation's keys are kept: each encrypted by a key derived from the platform's own (VAULT_KEYS)."""

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from kernel.database import connection
from shared_apps.vault.models import DataKey

_NONCE = 12


class KeyLost(Exception):
    """None of the platform's keys opens the organisation's."""


def wrapped(key: bytes, number: int) -> str:
    nonce = os.urandom(_NONCE)
    sealed = AESGCM(_derived(settings.VAULT_KEYS[0], "wrap")).encrypt(nonce, key, _bound(number))
    return base64.b64encode(nonce + sealed).decode()


def unwrap(key: DataKey) -> bytes:
    """Raises KeyLost."""
    kept = base64.b64decode(key.wrapped)
    # The first of the platform's keys wraps, all of them unwrap: it can be changed without losing an answer.
    for secret in settings.VAULT_KEYS:
        try:
            return AESGCM(_derived(secret, "wrap")).decrypt(kept[:_NONCE], kept[_NONCE:], _bound(key.number))
        except InvalidTag:
            continue
    raise KeyLost(f"key {key.number} of {connection.schema_name}")


def secret_for(purpose: str) -> bytes:
    """A key of this organisation for one purpose, the same for ever: hashes made with it must be found again."""
    return _derived(settings.VAULT_HASH_KEY, purpose)


def _derived(secret: str | bytes, purpose: str) -> bytes:
    info = f"preau.vault.{connection.schema_name}.{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(force_bytes(secret))


def _bound(number: int) -> bytes:
    return f"{connection.schema_name}/{number}".encode()
