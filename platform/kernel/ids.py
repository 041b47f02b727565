"""Public identifiers: random enough to guess nothing, ordered in time so that indexes stay compact."""

import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """RFC 9562: 48 bits of Unix milliseconds, then 74 random bits around the version and the variant."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def read(written: object) -> uuid.UUID | None:
    """What somebody else wrote in the place of an identifier of ours."""
    try:
        return uuid.UUID(str(written))
    except ValueError:
        return None


def token() -> str:
    """192 random bits, for an address that opens something by itself."""
    return secrets.token_urlsafe(24)


# Without 0, O, 1, I and L: a reference is read aloud on the telephone.
_REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def reference() -> str:
    """Eight characters that a person can dictate, as « K7PM-4XQ9 »."""
    letters = [secrets.choice(_REFERENCE_ALPHABET) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])
