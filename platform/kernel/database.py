"""Django's connection, typed with what the backend of this platform adds to it, and the one way to lock rows."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import IntegrityError, OperationalError, transaction
from django.db import connection as _connection
from django.db.models import F, Model, QuerySet
from psycopg.errors import UniqueViolation

from kernel.errors import Refusal

if TYPE_CHECKING:
    from django.db.backends.postgresql.base import DatabaseWrapper

    class Connection(DatabaseWrapper):
        """`tenant` is an Organisation, or a bare schema name on the registry and during migrations."""

        tenant: Any
        schema_name: str
        pg_version: int

        def set_tenant(self, tenant: Any, include_public: bool = True) -> None: ...
        def set_schema(self, schema_name: str, include_public: bool = True) -> None: ...
        def set_schema_to_public(self) -> None: ...


M = TypeVar("M", bound=Model)

connection = cast("Connection", _connection)


def sole(rows: QuerySet[M]) -> M | None:
    """The only one there is, or None. Unlike `first()` it sorts nothing: a sort costs by the column that is read."""
    return next(iter(rows.order_by()[:1]), None)


def lock(rows: QuerySet[M]) -> list[M]:
    """The rows as they are, which nobody else writes until this transaction ends; by their key, whatever their order.

    The write is what locks: SELECT … FOR UPDATE alone loses updates while a schema moves between machines. It comes
    second, since only a SELECT takes several rows one after the other, the same way round for everybody.
    """
    return _written(list(_taken(rows.order_by("pk"))))


def lock_one(rows: QuerySet[M]) -> M:
    """The only one there is. Raises the model's own DoesNotExist and MultipleObjectsReturned."""
    [found] = _written([_taken(rows).get()])
    return found


@contextmanager
def alone(at: str) -> Iterator[bool]:
    """Whether nobody else is at it, until the end. A session lock on a connection of its own: who dies lets it go."""
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [at])
        try:
            yield bool(cursor.fetchone()[0])
        finally:
            # A connection that is closed lets go of it too, but moments later; one that is lost has done so already.
            with suppress(OperationalError):
                cursor.execute("SELECT pg_advisory_unlock_all()")


@contextmanager
def unique(refusal: type[Refusal]) -> Iterator[None]:
    """Around one write: raises the refusal where there is such a row already, also of somebody at the same instant."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise refusal from None


def _taken(rows: QuerySet[M]) -> QuerySet[M]:
    return rows.select_for_update(of=("self",), no_key=True)


def _written(rows: list[M]) -> list[M]:
    if rows:
        key = rows[0]._meta.pk.attname
        type(rows[0])._base_manager.filter(pk__in=[row.pk for row in rows]).update(**{key: F(key)})
    return rows
