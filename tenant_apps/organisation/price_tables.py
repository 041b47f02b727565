"""Changes the organisation's own price tables, each whole, and keeps what they were."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.marks import mark
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from tenant_apps.organisation import prices
from tenant_apps.organisation.models import Profile

CHANGED = "organisation.prices"
# The tables that are lists, and what an entry of each is known by.
KEYS = {"taxes": "code", "families": "key", "income_bands": "key", "subsidies": "key"}

Row = Mapping[str, Any]


class TableChanged(Refusal):
    code = "table_changed"
    message = _("Quelqu’un a changé ce tableau entre-temps. Relisez-le, puis recommencez.")


class NameTaken(Refusal):
    code = "name_taken"
    message = _("Ce nom est déjà dans le tableau.")


def table(profile: Profile, section: str) -> Any:
    """As it is kept; empty where the organisation has none."""
    return profile.rules.get("prices", {}).get(section, [] if section in KEYS else {})


def seal_of(profile: Profile, section: str) -> str:
    """What a page was made of: who sends it back writes only over what was shown."""
    return mark(table(profile, section))


def history() -> QuerySet[Entry]:
    """What was changed, the latest first."""
    return Entry.objects.filter(action=CHANGED).order_by("-at", "-id")


@operation
def put_residence(*, residence: Row, seen: str, actor: Actor, at: datetime) -> None:
    """Say who is a resident. Raises TableChanged."""
    _write("residence", dict(residence), profile=_locked("residence", seen), actor=actor, at=at)


@operation
def put_row(*, section: str, key: str, row: Row, seen: str, actor: Actor, at: datetime) -> None:
    """Add an entry to a list, or write over the one of that key, in its place. Raises TableChanged and NameTaken.

    An empty `key` is an addition: the row's own must then be nobody's.
    """
    profile, name = _locked(section, seen), KEYS[section]
    rows: Sequence[Row] = table(profile, section)
    if not key and any(each[name] == row[name] for each in rows):
        raise NameTaken
    written = [{**row, name: key} if each[name] == key else dict(each) for each in rows]
    _write(section, written if key else [*written, dict(row)], profile=profile, actor=actor, at=at)


@operation
def drop_row(*, section: str, key: str, seen: str, actor: Actor, at: datetime) -> None:
    """The caller has made sure that nothing names it any more. Raises TableChanged."""
    profile = _locked(section, seen)
    kept = [dict(each) for each in table(profile, section) if each[KEYS[section]] != key]
    _write(section, kept, profile=profile, actor=actor, at=at)


def _locked(section: str, seen: str) -> Profile:
    profile = lock_one(Profile.objects.all())
    if seal_of(profile, section) != seen:
        raise TableChanged
    return profile


def _write(section: str, new: Any, *, profile: Profile, actor: Actor, at: datetime) -> None:
    before = table(profile, section)
    if new == before:
        return
    tables = {**profile.rules.get("prices", {}), section: new}
    prices.read(tables)  # What no price could be made of is a fault of ours, and is never kept.
    profile.rules = {**profile.rules, "prices": tables}
    profile.save(update_fields=["rules"])
    details = {"changes": {section: [before, new]}}
    audit.record(action=CHANGED, subject="organisation", subject_id=None, actor=actor, at=at, details=details)
