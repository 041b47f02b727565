"""Public identifiers: random enough to guess nothing, ordered in time so that indexes stay compact."""

import secrets
import time
import uuid

_MILLISECOND = 1_000_000


def uuid7() -> uuid.UUID:
    """RFC 9562, 6.2, method 3: 48 bits of Unix milliseconds, 12 of the fraction of one, 62 random bits.

    Rows that are made one after the other sort so, also within a millisecond.
    """
    milliseconds, rest = divmod(time.time_ns(), _MILLISECOND)
    fraction = (rest << 12) // _MILLISECOND
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | secrets.randbits(62))


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
