"""What two operations say to the database, recorded once, said again for other families by the driver alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

from kernel import ids
from kernel.database import connection

Values = dict[UUID, UUID]


@dataclass
class Script:
    """The statements of each transaction; `made`: the ids that they gave to new rows."""

    transactions: list[list[tuple[str, Any]]] = field(default_factory=list)
    made: set[UUID] = field(default_factory=set)

    @property
    def length(self) -> int:
        return sum(map(len, self.transactions))

    def recording(self) -> AbstractContextManager[None]:
        """What is executed inside is one transaction of the script."""
        said: list[tuple[str, Any]] = []
        self.transactions.append(said)

        def record(execute: Callable[..., Any], query: str, values: Any, many: bool, context: Any) -> Any:
            said.append((query, values))
            if query.startswith("INSERT"):
                self.made |= set(_ids(values))
            return execute(query, values, many, context)

        return connection.execute_wrapper(record)

    def play(self, raw: "psycopg.Connection[Any]", instead: Values) -> None:
        """`instead`: whose rows stand for those it was recorded of. New rows get new ids."""
        known = {made: ids.uuid7() for made in self.made} | instead
        for said in self.transactions:
            with raw.transaction():
                for query, values in said:
                    answer = raw.execute(query, _put(values, known))
                    if answer.description:
                        answer.fetchall()


def _ids(values: Any) -> list[UUID]:
    if isinstance(values, UUID):
        return [values]
    if isinstance(values, dict):
        return _ids(list(values.values()))
    return [each for value in values for each in _ids(value)] if isinstance(values, list | tuple) else []


def _put(values: Any, known: Values) -> Any:
    if isinstance(values, UUID):
        return known.get(values, values)
    if isinstance(values, dict):
        return {key: _put(value, known) for key, value in values.items()}
    return [_put(value, known) for value in values] if isinstance(values, list | tuple) else values
