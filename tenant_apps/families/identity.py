"""Who a participant is, and what a form was told of them: what every form asks in the same words."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Identity:
    last_name: str
    first_name: str
    birth_date: date | None = None
    establishment_id: UUID | None = None
    level_id: UUID | None = None
    used_name: str = ""
    student_number: str = ""

    def has_name(self, last_name: str, first_name: str) -> bool:
        """The same name, whatever the case."""
        return (self.last_name.casefold(), self.first_name.casefold()) == (last_name.casefold(), first_name.casefold())


@dataclass(frozen=True, slots=True)
class Answers:
    """By where they are kept: the participant's own, those that are sealed (about health, and national numbers), and
    the household's, which another household of the same child never sees.
    """

    own: dict[str, Any] = field(default_factory=dict)
    sealed: dict[str, Any] = field(default_factory=dict)
    household: dict[str, Any] = field(default_factory=dict)

    @property
    def plain(self) -> dict[str, Any]:
        """What may be kept as it is."""
        return {**self.household, **self.own}
