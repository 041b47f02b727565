"""The six digits an authenticator application would show now (RFC 6238), for whoever tries the platform."""

import base64
import hashlib
import hmac
import struct

STEP_SECONDS = 30


def code(secret: str, *, at: float) -> str:
    """The code of a base32 secret at a Unix time."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // STEP_SECONDS), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
