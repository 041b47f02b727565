"""Whoever was erased stays erased, and what outlived its purpose since goes again."""

import json
from collections.abc import Iterator
from typing import Any

from tenant_apps.organisation.models import Profile
from tenant_apps.privacy import erasure, retention
from tenants.restoring.rooms import Scene

# Told and not yet heard by who writes the tombstones, when the tables changed places.
_TOLD = "SELECT payload FROM {wrecked}.outbox_event WHERE kind = %s"
_DONE = "SELECT details FROM {wrecked}.audit_entry WHERE action = %s AND details <> '{{}}'"


def erasures(scene: Scene) -> dict[str, Any]:
    for people in _erased(scene):
        erasure.keep_tombstone(people)
    return {"families": erasure.reapply(at=scene.at)}


def terms(scene: Scene) -> dict[str, Any]:
    if not Profile.objects.exists():
        return {}
    return {rule: count for rule, count in retention.purge(at=scene.at).items() if count}


def _erased(scene: Scene) -> Iterator[dict[str, Any]]:
    found = [
        *scene.rows("outbox_event", _TOLD, erasure.ERASED),
        *scene.rows("audit_entry", _DONE, erasure.ERASED),
    ]
    for (written,) in found:
        people: dict[str, Any] = json.loads(written)
        if people.get("guardians"):
            yield people
