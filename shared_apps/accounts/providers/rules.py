"""What the organisation at hand allows at its door, told by the rooms that know."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest

from kernel.registry import Registry
from shared_apps.accounts.models import User


class Passwords(StrEnum):
    """Whether families may have an account of ours beside those of the identity providers (S4-47)."""

    SHOWN = "shown"
    OTHER_WAY = "other_way"  # behind a link, for whoever has no way in elsewhere
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class DoorRules:
    passwords: Passwords = Passwords.SHOWN
    asks_national_number: bool = False


# Said at start-up by the room that keeps the organisation's rules, and knows who works there.
STAFF: Registry[Callable[[User], bool]] = Registry("list of who works here")
RULES: Registry[Callable[[HttpRequest], DoorRules]] = Registry("rules of the door")


def rules_of(request: HttpRequest) -> DoorRules:
    return next((told(request) for _, told in RULES), DoorRules())
