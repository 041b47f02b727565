"""A form's definition as data, read into sections and questions; a mistake in it is named."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kernel.inventory import DataClass, Retention
from kernel.words import Words
from tenant_apps.forms.conditions import Condition

# Of a box ticked, what it is about: « Allergies (précisez) » (S1-20).
DETAILS = "_details"


class BadDefinition(ValueError):
    """The data is not a form: the message says what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Words


@dataclass(frozen=True, slots=True)
class Question:
    """`is_shared`: the answer is the household's, and serves for all its children (nothing is typed twice).

    `minimum` and `maximum` are of a number, of a date (a day, or « today »), or of how many people are named.
    `reason`: why a number that identifies a person is asked (R-44, R-47). `is_on`: asked at all.
    """

    key: str
    kind: str
    label: Words
    required: bool = False
    hint: Words = ""
    choices: tuple[Choice, ...] = ()
    autocomplete: str = ""
    details_label: Words = ""
    is_shared: bool = False
    data_class: DataClass = DataClass.PERSONAL
    minimum: int | str | None = None
    maximum: int | str | None = None
    unit: Words = ""
    shown_if: Condition | None = None
    reason: Words = ""
    purpose: Words = ""
    retention: Retention | None = None
    is_on: bool = True

    @property
    def names(self) -> list[str]:
        """Of the fields that it becomes."""
        return [self.key, self.key + DETAILS] if self.details_label else [self.key]

    @property
    def is_sealed(self) -> bool:
        """Kept encrypted, and read by few."""
        return self.data_class in (DataClass.HEALTH, DataClass.NATIONAL_NUMBER)


@dataclass(frozen=True, slots=True)
class Section:
    title: Words
    questions: tuple[Question, ...] = field(default=())


def french(words: Words) -> str:
    """What stands in for a language that is missing. Raises BadDefinition where it is missing itself."""
    if not isinstance(words, str) and not words.get("fr"):
        raise BadDefinition(f"{dict(words)} is not written in French")
    return words if isinstance(words, str) else words["fr"]


def read(definition: Mapping[str, Any]) -> tuple[Section, ...]:
    """What is asked: without the questions that are switched off, nor those that hang on them. Raises BadDefinition."""
    asked: set[str] = set()
    sections = []
    for section in read_all(definition):
        kept = []
        for question in section.questions:
            if question.is_on and (question.shown_if is None or question.shown_if.key in asked):
                asked.add(question.key)
                kept.append(question)
        if kept:
            sections.append(replace(section, questions=tuple(kept)))
    return tuple(sections)


def read_all(definition: Mapping[str, Any]) -> tuple[Section, ...]:
    """Every question, switched on or off. Raises BadDefinition."""
    sections = tuple(_section(data) for data in definition.get("sections", []))
    seen: set[str] = set()
    for question in questions(sections):
        if question.key in seen:
            raise BadDefinition(f"the question {question.key!r} is asked twice")
        if question.shown_if and question.shown_if.key not in seen:
            raise BadDefinition(
                f"the question {question.key!r} hangs on {question.shown_if.key!r}, which is not asked before"
            )
        seen.add(question.key)
    return sections


def questions(sections: tuple[Section, ...]) -> Iterator[Question]:
    for section in sections:
        yield from section.questions


def _section(data: Mapping[str, Any]) -> Section:
    return Section(title=data.get("title", ""), questions=tuple(_question(each) for each in data["questions"]))


def _question(data: Mapping[str, Any]) -> Question:
    try:
        question = Question(
            key=data["key"],
            kind=data["kind"],
            label=data["label"],
            required=data.get("required", False),
            hint=data.get("hint", ""),
            choices=tuple(_choice(each) for each in data.get("choices", [])),
            autocomplete=data.get("autocomplete", ""),
            details_label=data.get("details_label", ""),
            is_shared=data.get("shared", False),
            data_class=DataClass(data.get("class", DataClass.PERSONAL)),
            minimum=data.get("min"),
            maximum=data.get("max"),
            unit=data.get("unit", ""),
            shown_if=Condition.read(data["show_if"]) if data.get("show_if") else None,
            reason=data.get("reason", ""),
            purpose=data.get("purpose", ""),
            retention=Retention(data["retention"]) if data.get("retention") else None,
            is_on=not data.get("off", False),
        )
    except KeyError as error:
        raise BadDefinition(f"a question lacks its {error}: {dict(data)}") from None
    except ValueError as error:
        raise BadDefinition(f"the question {data['key']!r}: {error}") from None
    if not str(question.key).isidentifier():
        raise BadDefinition(f"{question.key!r} is no key: letters, digits and _ only")
    if question.kind in ("choice", "choices") and not question.choices:
        raise BadDefinition(f"the question {question.key!r} offers no choice")
    return question


def _choice(data: str | Mapping[str, Any]) -> Choice:
    if isinstance(data, str):
        return Choice(value=data, label=data)
    return Choice(value=str(data["value"]), label=data["label"])
