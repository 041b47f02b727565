"""Writes the categories that families browse by."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.text import slugify

from kernel.database import lock, lock_one, unique
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.catalog import history, slugs
from tenant_apps.catalog.errors import CategoryTaken
from tenant_apps.catalog.models import Category


@operation
def put_category(*, slug: str, name: str, position: int, translations: Mapping[str, Any] | None = None) -> Category:
    """A category as a preset has it, known by its slug."""
    columns = {"name": name, "position": position, "translations": dict(translations or {})}
    category, _ = Category.objects.update_or_create(slug=slug, defaults=columns)
    return category


def put_categories(categories: Iterable[Mapping[str, Any]]) -> None:
    """The categories of a preset, in their order."""
    for position, category in enumerate(categories):
        put_category(**category, position=position)


@operation
def add_category(*, name: str, translations: Mapping[str, Any], actor: Actor, at: datetime) -> Category:
    """After all the others. Raises CategoryTaken."""
    last = Category.objects.aggregate(last=Max("position"))["last"]
    with unique(CategoryTaken):
        category = Category.objects.create(
            slug=slugs.free(slugify(name)[:50] or "categorie", Category.objects.all()),
            name=name,
            translations=dict(translations),
            position=0 if last is None else last + 1,
        )
    _record("category.created", category, {}, actor, at)
    return category


@operation
def change_category(*, category_id: UUID, columns: Mapping[str, Any], actor: Actor, at: datetime) -> Category:
    """Raises CategoryTaken."""
    category = lock_one(Category.objects.filter(pk=category_id))
    before = history.state(category)
    for name, value in columns.items():
        setattr(category, name, value)
    with unique(CategoryTaken):
        category.save()
    _record("category.changed", category, history.changes(before, history.state(category)), actor, at)
    return category


@operation
def order_categories(*, category_ids: Sequence[UUID], actor: Actor, at: datetime) -> None:
    """In this order; those that are not named come after, as they were."""
    wanted = {category_id: place for place, category_id in enumerate(category_ids)}
    found = lock(Category.objects.all())
    found.sort(key=lambda each: (wanted.get(each.id, len(wanted)), each.position, each.name))
    for position, category in enumerate(found):
        if category.position != position:
            before, category.position = category.position, position
            category.save(update_fields=["position"])
            _record("category.changed", category, {"position": [before, position]}, actor, at)


def _record(action: str, category: Category, changes: history.Changes, actor: Actor, at: datetime) -> None:
    details = {"name": category.name, "changes": changes}
    audit.record(action=action, subject="category", subject_id=category.id, actor=actor, at=at, details=details)
