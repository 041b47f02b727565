"""What the books say against themselves."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`check` is what does not hold, `subject` where: « order 3HHG-U8WJ ». The figures are cents, numbers or rows."""

    check: str
    subject: str
    expected: int
    found: int

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)
