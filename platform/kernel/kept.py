"""Reads whose statement is written once: most of the cost of a small query is the writing of its SQL."""

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID

from django.db.models import Field, ForeignObject, Lookup, Model, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)

from kernel import masking
from kernel.database import connection

P = ParamSpec("P")
R = TypeVar("R")

# What stands for an argument while the statement is written: values that nothing else in a query ever is.
_STAND_INS: dict[Any, Callable[[int], Any]] = {
    UUID: lambda place: UUID(int=(0xE57A << 112) + place),
    str: lambda place: f"\x02argument {place}\x03",
    datetime: lambda place: datetime(1583, 10, 15, 1, 2, 3, place, tzinfo=UTC),
    list[UUID]: lambda place: [UUID(int=(0xE57A << 112) + place)],
}


def kept(read: Callable[P, QuerySet[Any, R]]) -> Callable[P, list[R]]:
    """The rows of the query that the function makes, for any arguments, by the statement that was written at first.

    The function is called once for all: it reads nothing but its arguments (no clock, no request, no setting), and
    does nothing with them but compare columns with them. Each is annotated UUID, str, datetime or list[UUID], which is
    compared by `__among`: one parameter, however many they are.
    """
    signature = inspect.signature(read, eval_str=True)
    kinds = [parameter.annotation for parameter in signature.parameters.values()]

    @functools.cache
    def statement() -> _Statement[R]:
        return _written(read, kinds)

    @functools.wraps(read)
    def rows(*args: P.args, **kwargs: P.kwargs) -> list[R]:
        # What is hidden from one reader must not be kept for the next.
        if masking.is_on():
            return list(read(*args, **kwargs))
        values = args if not kwargs else tuple(signature.bind(*args, **kwargs).arguments.values())
        return statement().rows(values)

    return rows


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    """`pk__among=ids`: as `__in`, by a statement that is the same for one and for a hundred."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*parameters, list(self.rhs)]


def sole_of(owner: Model, name: str, read: Callable[[UUID], Sequence[R]]) -> R | None:
    """The one row that points to `owner` (one to one), read once and kept by the owner, as its attribute would be."""
    relation: Any = owner._meta.get_field(name)
    if not relation.is_cached(owner):
        found = only(read(owner.pk))
        if found is not None:
            relation.remote_field.set_cached_value(found, owner)
        relation.set_cached_value(owner, found)
    known: R | None = relation.get_cached_value(owner)
    return known


def lay(owner: Model, name: str, rows: Iterable[Model]) -> None:
    """What `prefetch_related(name)` would have laid beside the owner."""
    beside: Any = getattr(owner, name).all()
    beside._result_cache, beside._prefetch_done = list(rows), True
    vars(owner).setdefault("_prefetched_objects_cache", {})[name] = beside


def only(rows: Sequence[R]) -> R | None:
    """The only one there is, or None."""
    return rows[0] if rows else None


@dataclass(frozen=True)
class _Statement(Generic[R]):
    """`places`: for each parameter of the SQL, which argument it is; or None, where it is the same for ever."""

    sql: str
    parameters: tuple[Any, ...]
    places: tuple[int | None, ...]
    made_from: Callable[[list[tuple[Any, ...]]], list[R]]

    def rows(self, values: Sequence[Any]) -> list[R]:
        said = [
            same if place is None else values[place] for same, place in zip(self.parameters, self.places, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, said)
            return self.made_from(cursor.fetchall())


def _written(read: Callable[..., QuerySet[Any, R]], kinds: Sequence[type]) -> "_Statement[R]":
    stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(kinds)]
    queryset = read(*stand_ins)
    compiler = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    places = tuple(stand_ins.index(each) if _is_one_of(each, stand_ins) else None for each in parameters)
    if set(places) - {None} != set(range(len(kinds))):
        raise TypeError(f"{read.__qualname__} does not compare a column with each of its arguments.")
    return _Statement(sql, tuple(parameters), places, _maker(queryset, compiler))


def _is_one_of(value: Any, stand_ins: Sequence[Any]) -> bool:
    return any(type(value) is type(each) and value == each for each in stand_ins)


def _maker(queryset: QuerySet[Any, R], compiler: Any) -> Callable[[list[tuple[Any, ...]]], list[Any]]:
    """Django's own way from rows to what the query gives, with all that depends on the query alone found out once."""
    if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
        raise TypeError("What is read along would be written anew each time.")
    converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])

    def converted(rows: list[tuple[Any, ...]]) -> Any:
        return map(tuple, compiler.apply_converters(rows, converters)) if converters else rows

    kind = queryset._iterable_class
    if kind is FlatValuesListIterable:
        return lambda rows: [row[0] for row in converted(rows)]
    if kind is ValuesListIterable:
        return lambda rows: list(converted(rows))
    if kind is not ModelIterable:
        raise TypeError(f"{kind.__name__} is not kept.")
    make = _of_model(compiler)
    return lambda rows: [make(row) for row in converted(rows)]


def _of_model(compiler: Any) -> Callable[[tuple[Any, ...]], Any]:
    info, select, alias = compiler.klass_info, compiler.select, connection.alias
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[first:last]]
    related = get_related_populators(info, select, alias)  # type: ignore[call-arg]
    annotated = list((compiler.annotation_col_map or {}).items())

    def make(row: tuple[Any, ...]) -> Any:
        made = info["model"].from_db(alias, names, row[first:last])
        for each in related:
            each.populate(row, made)
        for name, column in annotated:
            setattr(made, name, row[column])
        return made

    return make
