"""Who does something: named in every operation, kept in the audit trail."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is guardian, guest, staff, operator or system; `user_id` is None for a guest and the system.

    `on_behalf`: the guardian whom a member of staff does it for, at the counter or by telephone (S2-03).
    """

    kind: str
    user_id: UUID | None = None
    label: str = ""
    on_behalf: UUID | None = None


SYSTEM = Actor(kind="system", label="Préau")
GUEST = Actor(kind="guest")
