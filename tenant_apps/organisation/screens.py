"""The short code of each of the families' screens: what a clerk asks for on the telephone (O-21)."""

from dataclasses import dataclass

from django.utils.functional import Promise

from kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Screen:
    """`shows` is what is to be seen on it, in a few words."""

    code: str
    shows: str | Promise


# By the name of its address; filled at start-up by the room that shows them.
SCREENS: Registry[Screen] = Registry("screen")
