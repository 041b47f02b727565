"""Codes that a person reads from a letter, or aloud, and that are kept as a hash only."""

import secrets

from shared_apps.vault import sealing

# Without 0, O, 1, I and L, which one takes for another.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH = 10
_HALF = 5


def new() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def spelled(code: str) -> str:
    """« ABCDE-FGHJK »: in two breaths."""
    return f"{code[:_HALF]}-{code[_HALF:]}"


def cleaned(said: str) -> str:
    """The code, whatever the case, spaces and dashes it was typed with."""
    return "".join(letter for letter in said.upper() if letter in _ALPHABET)


def hashed(said: str) -> str:
    """What is kept of a code: another organisation hashes it otherwise. Nothing for what is no code."""
    code = cleaned(said)
    return sealing.keyed_hash(code, purpose="link_code") if len(code) == _LENGTH else ""
