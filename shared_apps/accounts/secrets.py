"""Encrypts what must be read back but never in a dump: keys derived from SECRET_KEY, one per organisation."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

from kernel.database import connection


def encrypt(text: str, *, purpose: str) -> str:
    return _box(purpose).encrypt(text.encode()).decode()


def decrypt(token: str, *, purpose: str) -> str:
    """Raises cryptography.fernet.InvalidToken for what another organisation or purpose has encrypted."""
    return _box(purpose).decrypt(token.encode()).decode()


def _box(purpose: str) -> MultiFernet:
    # The first key encrypts, all of them decrypt: SECRET_KEY can be changed without losing anybody's second factor.
    return MultiFernet([_fernet(secret, purpose) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(secret: str | bytes, purpose: str) -> Fernet:
    info = f"preau.{connection.schema_name}.{purpose}".encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(force_bytes(secret))
    return Fernet(base64.urlsafe_b64encode(key))
