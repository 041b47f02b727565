"""A child's answers as a reader reads them: the questions of the forms, and what was said."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from kernel.words import in_language
from tenant_apps.forms import definitions
from tenant_apps.forms.definitions import DETAILS, Question
from tenant_apps.forms.models import FormVersion
from tenant_apps.forms.wording import written


def answers(child: Mapping[str, Any], territory: str) -> list[tuple[str, str]]:
    """Of the questions in force; one that no form asks any more goes by its key."""
    said = {**child.get("answers", {}), **child.get("sealed", {})}
    told = partial(_told, said=said, territory=territory)
    asked = {question.key: question for question in _questions()}
    found = [told(key, asked.get(key)) for key in said if not key.endswith(DETAILS)]
    return [(label, text) for label, text in found if text]


def _told(key: str, question: Question | None, *, said: Mapping[str, Any], territory: str) -> tuple[str, str]:
    if question is None:
        return key, str(said[key] or "")
    label = in_language(question.label)
    return label, written(question, said[key], territory, said.get(key + DETAILS))


def _questions() -> Iterator[Question]:
    for version in FormVersion.objects.order_by("form_id", "-number").distinct("form_id"):
        yield from definitions.questions(definitions.read(version.definition))
