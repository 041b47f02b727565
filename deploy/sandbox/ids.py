"""Identifiers that look like the real ones and cannot be guessed."""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return a fresh identifier such as `pi_3kT…`."""
    return f"{prefix}_{_letters(length)}"


def new_secret(identifier: str) -> str:
    """Return a client secret for an intent."""
    return f"{identifier}_secret_{_letters(25)}"


def _letters(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
