"""A price does not turn into a gift, nor a gift into a price, while somebody is about to take it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from tenant_apps.catalog import places
from tenant_apps.catalog.errors import OptionPending
from tenant_apps.catalog.models import Option


def check(option: Option, columns: Mapping[str, Any]) -> None:
    """Raises OptionPending."""
    if pending([(option, columns)]):
        raise OptionPending(name=option.name)


def pending(changes: Iterable[tuple[Option, Mapping[str, Any]]]) -> Collection[UUID]:
    """Those whose change has to wait. No query where none turns."""
    turned = [option.pk for option, columns in changes if _is_turned(option, columns)]
    return places.pending(turned) if turned else ()


def _is_turned(option: Option, columns: Mapping[str, Any]) -> bool:
    return bool(columns.get("is_voluntary", option.is_voluntary) != option.is_voluntary)
