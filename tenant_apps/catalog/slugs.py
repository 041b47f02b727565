"""Addresses made of a title: short, readable, and nobody else's."""

from itertools import count
from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

# The workplace has a page of this name beside those of offerings.
_TAKEN = {"nouvelle"}


def free(wanted: str, rows: "QuerySet[M]") -> str:
    """That one, or with the first number that makes it free."""
    used = {*rows.filter(slug__startswith=wanted).values_list("slug", flat=True), *_TAKEN}
    if wanted not in used:
        return wanted
    return next(slug for number in count(2) if (slug := f"{wanted}-{number}") not in used)
