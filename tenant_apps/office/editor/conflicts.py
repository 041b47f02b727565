"""Two people on one page: what the other one changed, in words, before anything is written over it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Offering
from tenant_apps.office.editor import wording
from tenant_apps.organisation import queries as organisation


@dataclass(frozen=True, slots=True)
class Met:
    """`by` and `at` are of the last change to what this page shows; `lines` say what is there now."""

    by: str
    at: datetime | None
    lines: list[tuple[str, str]]


def read(text: str) -> dict[str, str]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(mark) for name, mark in told.items()} if isinstance(told, dict) else {}


def met(offering: Offering, now: Mapping[str, Any]) -> Met:
    """What ChangedSince told, for who reads it."""
    entries = Entry.objects.filter(subject="offering", subject_id=offering.id).order_by("-at", "-id")[:50]
    last = next((each for each in entries if set(each.details.get("changes", {})) & set(now)), None)
    profile = organisation.profile()
    lines = [line for name, value in now.items() for line in wording.lines(name, value, profile)]
    return Met(by=last.actor_label if last else "", at=last.at if last else None, lines=lines)
