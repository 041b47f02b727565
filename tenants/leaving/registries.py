"""What the rooms say of an organisation that leaves, registered in `AppConfig.ready()`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise

from kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to settle before the organisation is gone: how many there are, and what they are.

    `is_in_flight`: money is on its way, and nothing is erased before it has arrived.
    """

    code: str
    words: str | Promise
    number: int
    is_in_flight: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who answers for the organisation."""

    email: str
    language: str


# Asked inside the organisation: papers that it can draw, each with its path in the export.
DOCUMENTS: Registry[Callable[[], Iterator[tuple[str, bytes]]]] = Registry("source of documents")
# Asked inside the organisation.
MATTERS: Registry[Callable[[datetime], Iterable[Matter]]] = Registry("list of matters to settle")
# Asked inside the organisation: its owners, who are told last.
OWNERS: Registry[Callable[[], list[Recipient]]] = Registry("list of owners")
# Called on the registry once the organisation of that id is closed, until it goes through; safe to repeat.
CLOSING: Registry[Callable[[UUID, datetime], object]] = Registry("end of service")
# Called on the registry once an organisation that was closed is open again after all.
RETURNING: Registry[Callable[[UUID, datetime], object]] = Registry("return to service")
# Called on the registry before the rows of that organisation go; safe to repeat.
ERASING: Registry[Callable[[UUID, datetime], object]] = Registry("step of erasure")
# Asked on the registry, before anything goes: what else names the organisation of that id, to be looked for afterwards.
NEEDLES: Registry[Callable[[UUID], list[str]]] = Registry("name of an organisation")
