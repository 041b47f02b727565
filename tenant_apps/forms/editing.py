"""Changes a form's definition, as data: each function gives a new definition and leaves the one given as it was."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from django.utils.text import slugify

Definition = dict[str, Any]
QuestionData = dict[str, Any]

# What the organisation asks of its own accord: it may be taken out again. A preset's question is switched off instead.
OWN = "own_"
# Without these nobody knows of whom the answers are.
ESSENTIAL = frozenset({"last_name", "first_name"})


def questions(definition: Mapping[str, Any]) -> Iterator[QuestionData]:
    for section in definition.get("sections", []):
        yield from section["questions"]


def question(definition: Mapping[str, Any], key: str) -> QuestionData:
    """Raises KeyError."""
    for each in questions(definition):
        if each["key"] == key:
            return each
    raise KeyError(key)


def is_own(key: str) -> bool:
    return key.startswith(OWN)


def put(definition: Mapping[str, Any], data: QuestionData) -> Definition:
    """The question in the place of the one with its key. Raises KeyError."""
    question(definition, data["key"])
    changed = _copy(definition)
    for section in changed["sections"]:
        section["questions"] = [data if each["key"] == data["key"] else each for each in section["questions"]]
    return changed


def add(definition: Mapping[str, Any], data: QuestionData, *, section: int) -> Definition:
    """At the end of a section; of a form that has none yet, in its first."""
    changed = _copy(definition)
    if not changed["sections"]:
        changed["sections"] = [{"title": "", "questions": []}]
    changed["sections"][min(section, len(changed["sections"]) - 1)]["questions"].append(data)
    return changed


def remove(definition: Mapping[str, Any], key: str) -> Definition:
    """Take out one of the organisation's own questions; a preset's is left as it is."""
    changed = _copy(definition)
    for section in changed["sections"]:
        section["questions"] = [each for each in section["questions"] if each["key"] != key or not is_own(key)]
    return changed


def switch(definition: Mapping[str, Any], key: str, *, on: bool) -> Definition:
    """Ask the question, or keep it without asking (S4-19). What is essential is always asked."""
    data = dict(question(definition, key))
    data.pop("off", None)
    if not on and key not in ESSENTIAL:
        data["off"] = True
    return put(definition, data)


def move(definition: Mapping[str, Any], key: str, *, by: int) -> Definition:
    """One place up (-1) or down (1), into the neighbouring section at an end; at the very ends nothing moves."""
    changed = _copy(definition)
    sections = changed["sections"]
    for number, section in enumerate(sections):
        keys = [each["key"] for each in section["questions"]]
        if key not in keys:
            continue
        here = keys.index(key)
        if 0 <= here + by < len(keys):
            section["questions"].insert(here + by, section["questions"].pop(here))
        elif 0 <= number + by < len(sections):
            beside = sections[number + by]["questions"]
            beside.insert(len(beside) if by < 0 else 0, section["questions"].pop(here))
        break
    return changed


def new_key(definition: Mapping[str, Any], label: str) -> str:
    """A key of the organisation's own, from the question's words, that no question of the form has."""
    taken = {each["key"] for each in questions(definition)}
    stem = OWN + (re.sub(r"[^a-z0-9]+", "_", slugify(label))[:40].strip("_") or "question")
    candidates = (stem, *(f"{stem}_{number}" for number in range(2, len(taken) + 3)))
    return next(key for key in candidates if key not in taken)


def choices(labels: Sequence[Mapping[str, str]], known: Sequence[Any]) -> list[dict[str, Any]]:
    """Choices with these labels by language. One whose words are known keeps its value, and old answers their sense."""
    before = [each if isinstance(each, dict) else {"value": each, "label": each} for each in known]
    by_words = {words: each["value"] for each in before for words in _every(each["label"])}
    same_length = len(before) == len(labels)
    found: list[dict[str, Any]] = []
    for number, label in enumerate(labels):
        value = next((by_words[words] for words in label.values() if words in by_words), None)
        if value is None and same_length:
            value = before[number]["value"]
        taken = {each["value"] for each in found}
        if value is None or value in taken:
            value = _new_value(next(iter(label.values())), taken | set(by_words.values()))
        found.append({"value": value, "label": dict(label)})
    return found


def _new_value(label: str, taken: set[str]) -> str:
    stem = slugify(label)[:40] or "choix"
    return next(value for value in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if value not in taken)


def _every(words: Any) -> list[str]:
    return [words] if isinstance(words, str) else list(words.values())


def _copy(definition: Mapping[str, Any]) -> Definition:
    changed = deepcopy(dict(definition))
    changed.setdefault("sections", [])
    return changed
