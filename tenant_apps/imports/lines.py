"""What a file says of one child and of their adults, whatever its layout was."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Fault(NamedTuple):
    """What is wrong, and where: `code` is one of `errors.MESSAGES`, `values` fill it. No row: the whole file."""

    file: str
    row: int | None
    column: str
    code: str
    values: dict[str, Any]


@dataclass(slots=True)
class Adult:
    """`reference`: their identifier in the organisation's own system. `national_number`: compact, and in no trace."""

    last_name: str
    first_name: str
    email: str = ""
    phone: str = ""
    role: str = "parent"
    reference: str = ""
    national_number: str = field(default="", repr=False)


@dataclass(slots=True)
class Line:
    """`values` holds what the file gives and nothing that it leaves empty: an empty cell changes nothing.

    `establishment` among them is a tuple of what the file calls it, its name first. `is_gone`: no longer of the
    organisation.
    """

    file: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    adults: list[Adult] = field(default_factory=list)
    is_gone: bool = False
    faults: list[Fault] = field(default_factory=list)

    @property
    def external_id(self) -> str:
        return str(self.values.get("external_id", ""))

    @property
    def student_number(self) -> str:
        return str(self.values.get("student_number", ""))

    @property
    def name(self) -> str:
        return f"{self.values.get('last_name', '')} {self.values.get('first_name', '')}".strip()

    @property
    def key(self) -> str:
        """The same for the same child in the next file, so that a decision about them holds."""
        if self.external_id:
            return f"id:{self.external_id}"
        if self.student_number:
            return f"number:{self.student_number}"
        place = (self.values.get("establishment") or ("",))[0]
        return f"name:{self.name}|{self.values.get('birth_date', '')}|{place}".casefold()

    def blame(self, column: str, code: str, **values: Any) -> None:
        self.faults.append(Fault(self.file, self.row, column, code, values))
