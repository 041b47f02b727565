"""Who does something: named in every operation, kept in the audit trail."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is guardian, guest, staff, operator or system; `user_id` is None for a guest and the system."""

    kind: str
    user_id: UUID | None = None
    label: str = ""


SYSTEM = Actor(kind="system", label="Préau")
GUEST = Actor(kind="guest")
