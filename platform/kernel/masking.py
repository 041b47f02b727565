"""What is said of persons, hidden from who may see how things are and not whom they are about.

Values are hidden where they come out of the database, by what the inventory declares of their column: whatever a page
asks for, and by whatever query, it has nothing to show. What cannot be traced to a column is hidden too.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Field, JSONField, Model
from django.db.models.expressions import Col, Subquery, Value

from kernel.inventory import DataClass, declared

HIDDEN = "•••"
# Never shown to who is not of the house, whatever it grants.
NEVER_SHOWN = frozenset({DataClass.HEALTH, DataClass.NATIONAL_NUMBER, DataClass.SECRET})
EVERYTHING = NEVER_SHOWN | {DataClass.PERSONAL, DataClass.PAYMENT}
# Tables of the platform and of Django, which say nothing of families.
_OF_NOBODY = frozenset({"tenants", "billing", "contenttypes", "sessions"})

# Of a person's row, and yet the program's own words or the names of things, which addresses and pages are made with.
_CODES = frozenset(
    {
        "accounting.StatementLine.kind",
        "audit.Entry.action",
        "audit.Entry.actor_kind",
        "audit.Entry.subject",
        "entitlements.Entitlement.key",
        "families.Guardian.reference",
        "forms.Upload.content_type",
        "orders.Order.plan",
        "orders.Order.reference",
        "payments.Refund.reason",
    }
)
# As long as the code of a language or of a currency.
_SHORT = 5

_hidden: ContextVar[frozenset[DataClass] | None] = ContextVar("hidden", default=None)


@contextmanager
def hiding(classes: frozenset[DataClass]) -> Iterator[None]:
    """Until it is left, in this thread: what is read of these classes comes out hidden."""
    token = _hidden.set(classes)
    try:
        yield
    finally:
        _hidden.reset(token)


def is_on() -> bool:
    return _hidden.get() is not None


def converter(expression: Any) -> Callable[[Any, Any, Any], Any] | None:
    """What a value of this expression goes through on its way out; None while it may be shown."""
    classes = _hidden.get()
    if classes is None or not _is_hidden(expression, classes):
        return None
    if isinstance(expression.output_field, JSONField):
        # It comes out as text, and is read after us.
        return lambda value, expression, connection: json.dumps(concealed(json.loads(value))) if value else value
    return lambda value, expression, connection: concealed(value)


def concealed(value: Any) -> Any:
    """Of the same kind, and empty of sense. Numbers, truths, moments and identifiers say nothing by themselves."""
    if isinstance(value, str):
        return value if _says_nothing(value) else HIDDEN
    if isinstance(value, bytes | memoryview):
        return b""
    if isinstance(value, dict):
        return {key: concealed(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [concealed(each) for each in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.replace(month=1, day=1)
    return value


def _says_nothing(text: str) -> bool:
    """Nothing at all, or the identifier of a row: the trail names rows so."""
    try:
        return not text or str(UUID(text)) == text
    except ValueError:
        return False


def _is_hidden(expression: Any, classes: frozenset[DataClass]) -> bool:
    fields = _fields_of(expression)
    if fields is None:
        return True
    return any(_class_of(field) in classes for field in fields)


def _fields_of(expression: Any) -> "list[Field[Any, Any]] | None":
    """The columns that the expression is made of; None where that cannot be told."""
    found: list[Field[Any, Any]] = []
    for part in expression.flatten() if hasattr(expression, "flatten") else [expression]:
        if isinstance(part, Col):
            found.append(part.target)
        elif isinstance(part, Subquery):
            query: Any = part.query
            for selected in [*query.select, *query.annotation_select.values()]:
                inner = _fields_of(selected)
                if inner is None:
                    return None
                found += inner
        elif not (isinstance(part, Value) or part.get_source_expressions()):
            return None
    return found


def _class_of(field: "Field[Any, Any]") -> DataClass:
    model: type[Model] = field.model
    if model._meta.app_label in _OF_NOBODY or model._meta.auto_created:
        return DataClass.TECHNICAL
    name = f"{model._meta.label}.{field.name}"
    if field.choices or name in _CODES or (field.max_length or _SHORT + 1) <= _SHORT:
        return DataClass.TECHNICAL
    held = declared().get(name)
    # Nobody said what it holds: the worst is assumed.
    return held.data if held else DataClass.SECRET
