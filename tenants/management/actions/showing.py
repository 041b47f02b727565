"""Organisations as the commands print them: for people, or as JSON for programs."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.management.base import CommandError

from tenants.context import in_registry
from tenants.links import origin
from tenants.models import Organisation, State

Write = Callable[[str], object]


def as_json(facts: Any) -> str:
    return json.dumps(facts, ensure_ascii=False, indent=2, default=str)


def row(organisation: Organisation) -> dict[str, str]:
    return {
        "id": str(organisation.id),
        "slug": organisation.slug,
        "name": organisation.name,
        "kind": organisation.kind,
        "state": organisation.state,
        "schema": organisation.schema_name,
        "preset": organisation.preset,
        # Its names went with it.
        "url": "" if organisation.state in (State.ERASING, State.ERASED) else origin(organisation),
    }


def show(organisations: Iterable[Organisation], *, json: bool, write: Write) -> None:
    rows = [row(organisation) for organisation in organisations]
    if json:
        write(as_json(rows))
        return
    for each in rows:
        write(f"{each['slug']:<24} {each['state']:<14} {each['schema']:<26} {each['url']}")


def named(slug: str) -> Organisation:
    """The organisation of that slug. Raises CommandError."""
    with in_registry():
        found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no organisation {slug!r}.")
    return found
