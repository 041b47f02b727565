"""Addresses made of a title: short, readable, and nobody else's."""

from collections.abc import Collection
from itertools import chain, count
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.text import slugify

M = TypeVar("M", bound=Model)

# The workplace has a page of this name beside those of offerings.
_TAKEN = {"nouvelle"}


def of_title(title: str) -> str:
    return slugify(title)[:70] or "activite"


def free(wanted: str, rows: "QuerySet[M]") -> str:
    """That one, or with the first number that makes it free."""
    return unlike(wanted, set(rows.filter(slug__startswith=wanted).values_list("slug", flat=True)))


def unlike(wanted: str, used: Collection[str]) -> str:
    """As `free`, where those in use are known."""
    others = (f"{wanted}-{number}" for number in count(2))
    return next(slug for slug in chain([wanted], others) if slug not in used and slug not in _TAKEN)
