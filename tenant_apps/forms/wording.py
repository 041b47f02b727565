"""Answers in words for a reader: of every kind of question, and numbers that identify a person by their end alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kernel.words import in_language
from shared_apps.design import formats
from tenant_apps.forms import attachments, conditions, definitions, phone
from tenant_apps.forms.definitions import DETAILS, Question, Section
from tenant_apps.forms.identifiers import CHECKS, masked


@dataclass(frozen=True, slots=True)
class Line:
    """`upload` is the file to fetch, where the answer is one."""

    label: str
    text: str
    upload: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    lines: list[Line]


def parts(
    sections: tuple[Section, ...], said: Mapping[str, Any], *, territory: str, names: Mapping[str, str] | None = None
) -> list[Part]:
    """All that applies to what was said, section by section; what was left empty says so.

    `names` gives the words of what is kept by its identifier: the level, the establishment.
    """
    applying = conditions.applying(definitions.questions(sections), said)
    shown = {**said, **(names or {})}
    return [
        Part(in_language(section.title), [_line(each, shown, territory) for each in asked])
        for section in sections
        if (asked := [question for question in section.questions if question.key in applying])
    ]


def written(question: Question, answer: Any, territory: str, details: Any = "") -> str:
    """Nothing for what was not answered. `details`: what was written beside a box that is ticked."""
    if answer in (None, "", []):
        return ""
    if isinstance(answer, bool):
        return str(details or _("Oui")) if answer else _("Non")
    if question.kind in CHECKS:
        return masked(str(answer))
    writer = _WRITERS.get(question.kind)
    if writer is not None:
        return writer(answer, territory)
    words = {"yes": _("Oui"), "no": _("Non")} if question.kind == "yes_no" else {}
    words |= {choice.value: in_language(choice.label) for choice in question.choices}
    given = answer if isinstance(answer, list) else [answer]
    text = ", ".join(words.get(str(each), str(each)) for each in given)
    unit = in_language(question.unit)
    return f"{text}\u00a0{unit}" if unit else text


def _line(question: Question, said: Mapping[str, Any], territory: str) -> Line:
    answer = said.get(question.key)
    text = written(question, answer, territory, said.get(question.key + DETAILS))
    return Line(in_language(question.label), text, attachments.upload_of(answer))


def _address(answer: Any, territory: str) -> str:
    if not isinstance(answer, Mapping):
        return str(answer)
    town = f"{answer.get('postal_code', '')} {answer.get('town', '')}".strip()
    if territory == "CA":
        town = f"{answer.get('town', '')} {answer.get('postal_code', '')}".strip()
    return ", ".join(part for part in (answer.get("street", ""), town) if part)


def _people(answer: Any, territory: str) -> str:
    if not isinstance(answer, list):
        return str(answer)
    return "; ".join(_person(each, territory) for each in answer if isinstance(each, Mapping))


def _person(person: Mapping[str, Any], territory: str) -> str:
    name = f"{person.get('name', '')} ({person['relation']})" if person.get("relation") else person.get("name", "")
    return ", ".join(part for part in (name, phone.shown(str(person.get("phone", "")), territory)) if part)


def _phone(answer: Any, territory: str) -> str:
    return phone.shown(str(answer), territory)


def _date(answer: Any, territory: str) -> str:
    try:
        day = answer if isinstance(answer, date) else date.fromisoformat(str(answer))
    except ValueError:
        return str(answer)
    return formats.date_words(day, formats.locale_for(get_language() or "fr", territory), length="long")


def _file(answer: Any, territory: str) -> str:
    return str(answer["name"]) if attachments.upload_of(answer) else ""


_WRITERS: dict[str, Callable[[Any, str], str]] = {
    "address": _address,
    "people": _people,
    "date": _date,
    "file": _file,
    "phone": _phone,
}
