"""When a question is asked at all: what an earlier one was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

# What the browser and the data call a box ticked and a box left alone.
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when the question `key` was answered one of `values`; of several answers, one is enough."""

    key: str
    values: tuple[str, ...]

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Condition":
        """`{"question": key, "is": value or [values]}`; without `is`, a « yes ». Raises KeyError."""
        values = data.get("is", True)
        return cls(key=data["question"], values=tuple(map(word, values if isinstance(values, list) else [values])))

    def holds(self, answer: Any) -> bool:
        given = answer if isinstance(answer, list) else [answer]
        return any(word(each) in self.values for each in given)


class Asked(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def shown_if(self) -> Condition | None: ...


def applying(questions: Iterable[Asked], said: Mapping[str, Any]) -> set[str]:
    """The keys of those that apply to what was said. A question hangs on earlier ones, and goes with them."""
    found: set[str] = set()
    for question in questions:
        condition = question.shown_if
        if condition is None or (condition.key in found and condition.holds(said.get(condition.key))):
            found.add(question.key)
    return found


def word(answer: Any) -> str:
    if isinstance(answer, bool):
        return YES if answer else NO
    return "" if answer is None else str(answer)
