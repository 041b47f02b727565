"""Whether rules kept as data are such as their own forms would have written them, of whatever registry they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from kernel.errors import Refusal
from kernel.registry import Registry


def check(
    rules: Sequence[Mapping[str, Any]], kinds: Registry[Any], *, unknown: type[Refusal], bad: type[Refusal]
) -> None:
    """Raises `unknown` for a kind that is not registered, `bad` with the form's own faults."""
    for rule in rules:
        key = str(rule.get("kind", ""))
        kind = kinds.get(key)
        if kind is None:
            raise unknown(kind=key)
        form = kind.form(data=rule)
        if not form.is_valid():
            raise bad(kind=kind.title, faults=form.faults)
