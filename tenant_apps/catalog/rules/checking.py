"""Refuses rules that no form of theirs would have written: nobody could ever meet them, or read them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenant_apps.catalog.rules.kind import KINDS


class UnknownRequirement(Refusal):
    code = "unknown_requirement"
    message = _("La condition «\u202f{kind}\u202f» n’existe pas.")


class BadRequirement(Refusal):
    """`faults` are the form's own, by field."""

    code = "bad_requirement"
    message = _("La condition «\u202f{kind}\u202f» est mal remplie\u202f: {faults}")


def check(rules: Sequence[Mapping[str, Any]]) -> None:
    """Raises UnknownRequirement or BadRequirement."""
    for rule in rules:
        key = str(rule.get("kind", ""))
        kind = KINDS.get(key)
        if kind is None:
            raise UnknownRequirement(kind=key)
        form = kind.form(data=rule)
        if not form.is_valid():
            faults = " ".join(str(fault) for faults in form.errors.values() for fault in faults)
            raise BadRequirement(kind=kind.title, faults=faults)
