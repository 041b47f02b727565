"""Writes the offerings that are made or changed: as many statements for many of them as for one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from shared_apps.audit.actors import Actor
from tenant_apps.catalog import history, places, search, slugs
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.catalog.operations.drafting import Draft
from tenant_apps.catalog.operations.wanted import UNSAID


def store(drafts: Sequence[Draft], *, actor: Actor, at: datetime) -> None:
    """What there was is locked, and so still as it was read."""
    for draft in drafts:
        draft.offering.search_text = search.text(draft.offering, draft.options)
    _put_offerings(drafts)
    _put_lists(drafts)
    parts = [part for draft in drafts for part in draft.parts]
    _put(Option, [option for _wanted, option, _changes in parts], [wanted.columns for wanted, *_ in parts], "position")
    entries = [entry for draft in drafts for entry in _entries(draft)]
    history.record_many(entries=entries, actor=actor, at=at)


def put_places(drafts: Iterable[Draft], *, actor: Actor, at: datetime) -> None:
    """Raises a Refusal for fewer places than are taken."""
    said = [(wanted, option) for draft in drafts for wanted, option, _changes in draft.parts]
    capacities = {option.pk: wanted.capacity for wanted, option in said if wanted.capacity is not UNSAID}
    if capacities:
        places.put(capacities=capacities, actor=actor, at=at)


def _put_offerings(drafts: Sequence[Draft]) -> None:
    """As in `offerings`, who comes second with a title takes the next address."""
    new = [draft.offering for draft in drafts if draft.wanted.is_new]
    while True:
        _address(new)
        try:
            with transaction.atomic():
                said = [draft.wanted.columns for draft in drafts]
                return _put(Offering, [draft.offering for draft in drafts], said, "search_text")
        except IntegrityError:
            if not Offering.objects.filter(slug__in=[offering.slug for offering in new]).exists():
                raise


def _address(new: Sequence[Offering]) -> None:
    used = set(Offering.objects.values_list("slug", flat=True)) if new else set()
    for offering in new:
        offering.slug = slugs.unlike(slugs.of_title(offering.title), used)
        used.add(offering.slug)


def _put(model: Any, rows: Sequence[Any], said: Iterable[dict[str, Any]], always: str) -> None:
    """New rows whole; of those that there are, the columns that any of them changes."""
    changed = {always}.union(*said)
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=sorted(changed))


def _put_lists(drafts: Sequence[Draft]) -> None:
    for name in ("establishments", "levels"):
        through = getattr(Offering, name).through
        target = getattr(Offering, name).field.m2m_reverse_field_name() + "_id"
        changed = [draft for draft in drafts if name in draft.wanted.lists]
        through.objects.filter(offering__in=[draft.offering.pk for draft in changed]).delete()
        pairs = [(draft.offering.pk, row.pk) for draft in changed for row in draft.wanted.lists[name]]
        through.objects.bulk_create(
            [through(offering_id=offering_id, **{target: key}) for offering_id, key in dict.fromkeys(pairs)]
        )


def _entries(draft: Draft) -> Iterator[history.Entry]:
    """Places have a trail of their own."""
    key, new = draft.offering.pk, draft.wanted.is_new
    yield f"offering.{'created' if new else 'changed'}", key, {"changes": draft.changes}
    for wanted, option, changes in draft.parts:
        about = history.of_option(option)
        yield f"option.{'created' if wanted.is_new else 'changed'}", key, {**about, "changes": changes}
