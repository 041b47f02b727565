"""The steps of an erasure, in their order. Each may be begun again wherever it stopped, and then does what is left."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.apps import apps
from django.core.cache import caches
from django.db import models
from psycopg import sql

from kernel.database import connection
from kernel.transactions import operation
from tenants.cache import ForgivingRedisCache
from tenants.context import in_organisation, in_registry
from tenants.leaving import catalog, files, tombstones
from tenants.leaving.registries import ERASING
from tenants.leaving.subject import Subject
from tenants.models import Departure

# Rows that stay: that it was there and left; and the platform's own books, by law. Nobody is in them but who
# announced the departure, as the certificate says.
KEPT = frozenset({"tenants.Departure", "billing.Invoice"})
_LOCK_SECONDS = 5


def put_tombstone(subject: Subject, at: datetime) -> None:
    """First: whatever is restored from now on, it is known that this one is erased."""
    tombstones.put(subject, at)


def tell_rooms(subject: Subject, at: datetime) -> None:
    with in_registry():
        for _name, step in ERASING:
            step(subject.organisation.pk, at)


@operation
def drop_schema(subject: Subject, at: datetime) -> None:
    """All of it or nothing. A request or a task that is still inside is waited for, and not for long."""
    with in_registry(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(subject.schema)))


@operation
def drop_role(subject: Subject, at: datetime) -> None:
    with in_registry(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(subject.schema)))


def delete_files(subject: Subject, at: datetime) -> None:
    """After the schema: nobody writes a file of an organisation without it."""
    with in_organisation(subject.organisation):
        files.delete_all()


def empty_cache(subject: Subject, at: datetime) -> None:
    """In Redis; what a process remembers by itself goes with the process."""
    _cache().forget_all_of(subject.schema)


def cached(subject: Subject) -> int:
    """How many values the cache has of it."""
    return len(_cache().keys_of(subject.schema))


@operation
def delete_registry_rows(subject: Subject, at: datetime) -> None:
    with in_registry():
        for model, field in going():
            model._base_manager.filter(**{field.name: subject.organisation.pk}).delete()
        Departure.objects.filter(organisation=subject.organisation).exclude(pk=subject.departure_id).delete()


def going() -> "list[tuple[type[models.Model], models.ForeignKey[models.Model, models.Model]]]":
    return [(model, field) for model, field in catalog.owned_models() if model._meta.label not in KEPT]


Step = Callable[[Subject, datetime], None]

STEPS: dict[str, Step] = {
    "tombstone": put_tombstone,
    "rooms": tell_rooms,
    "schema": drop_schema,
    "role": drop_role,
    "files": delete_files,
    "cache": empty_cache,
    "registry": delete_registry_rows,
}


def tables_that_stay() -> frozenset[str]:
    return frozenset(apps.get_model(label)._meta.db_table for label in KEPT | {"tenants.Organisation"})


def _cache() -> ForgivingRedisCache:
    return cast(ForgivingRedisCache, caches["default"])
