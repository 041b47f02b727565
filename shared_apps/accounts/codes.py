"""The user code, which some organisations let people sign in with instead of their address (S2-02)."""

import re
from collections.abc import Callable

from django.http import HttpRequest

from kernel import ids
from kernel.registry import Registry

# Said at start-up by the room that keeps the organisation's rules.
RULES: Registry[Callable[[HttpRequest], bool]] = Registry("rule of the user code")

_CODE = re.compile(r"[2-9A-Z]{8}")


def accepted(request: HttpRequest) -> bool:
    """Does the organisation at hand take codes at its door?"""
    return any(takes(request) for _name, takes in RULES)


def new() -> str:
    return normal(ids.reference())


def normal(typed: str) -> str:
    """As it is kept: people write the dash or not, and small letters."""
    return re.sub(r"[\s-]", "", typed).upper()


def is_one(typed: str) -> bool:
    """May this be a code? An address never is."""
    return bool(_CODE.fullmatch(normal(typed)))


def shown(code: str) -> str:
    """« K7PM-4XQ9 », to be read aloud and copied."""
    return f"{code[:4]}-{code[4:]}" if code else ""
