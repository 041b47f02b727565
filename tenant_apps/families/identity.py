"""Who a participant is: what every form asks in the same words."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Identity:
    last_name: str
    first_name: str
    birth_date: date | None = None
    establishment_id: UUID | None = None
    level_id: UUID | None = None

    def has_name(self, last_name: str, first_name: str) -> bool:
        """The same name, whatever the case."""
        return (self.last_name.casefold(), self.first_name.casefold()) == (last_name.casefold(), first_name.casefold())
