"""Refuses rules that no form of theirs would have written: nobody could ever meet them, or read them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.words import in_language
from tenant_apps.catalog import filled_in
from tenant_apps.catalog.rules.kind import KINDS


class UnknownRequirement(Refusal):
    code = "unknown_requirement"
    message = _("La condition «\u202f{kind}\u202f» n’existe pas.")


class BadRequirement(Refusal):
    """`faults` are the form's own, by field."""

    code = "bad_requirement"
    message = _("La condition «\u202f{kind}\u202f» est mal remplie\u202f: {faults}")


class BadWindow(Refusal):
    code = "bad_window"
    message = _("La période d’inscription «\u202f{name}\u202f» doit avoir un début, puis une fin qui vient après.")


def check(rules: Sequence[Mapping[str, Any]]) -> None:
    """Raises UnknownRequirement or BadRequirement."""
    filled_in.check(rules, KINDS, unknown=UnknownRequirement, bad=BadRequirement)


def check_windows(windows: Sequence[Mapping[str, Any]]) -> None:
    """Raises BadWindow, or what the rules of its audience raise."""
    for window in windows:
        check(window.get("for", []))
        if not _is_in_order(window.get("opens_at"), window.get("closes_at")):
            raise BadWindow(name=in_language(window.get("name", "")))


def _is_in_order(opens_at: Any, closes_at: Any) -> bool:
    """Moments, with their offset: a wall clock alone would be read by whichever clock reads it."""
    try:
        first = datetime.fromisoformat(opens_at)
        last = datetime.fromisoformat(closes_at) if closes_at else None
    except (TypeError, ValueError):
        return False
    has_offsets = all(moment.tzinfo for moment in (first, last) if moment)
    return has_offsets and (last is None or first < last)
