"""What may be published: questions that can be asked, and keys that mean the same in every form of an organisation."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kernel.inventory import DataClass
from kernel.words import in_language
from tenant_apps.families.matching import NATIONAL_NUMBER
from tenant_apps.forms import definitions
from tenant_apps.forms.definitions import BadDefinition, Question
from tenant_apps.forms.identifiers import CHECKS
from tenant_apps.forms.kinds import KINDS
from tenant_apps.forms.models import FormVersion, Purpose

# All that a question may say; YAML reads an unquoted « off » as false, and nobody would notice.
_KNOWN = {
    *("key", "kind", "label", "required", "hint", "choices", "autocomplete", "details_label", "shared", "class"),
    *("min", "max", "unit", "show_if", "reason", "purpose", "retention", "off"),
}
_SEALED = (DataClass.HEALTH, DataClass.NATIONAL_NUMBER)


def check(form_key: str, purpose: str, definition: Mapping[str, Any]) -> None:
    """Raises BadDefinition, and LookupError for a kind that does not exist."""
    _check_words(definition)
    questions = list(definitions.questions(definitions.read_all(definition)))
    for question in questions:
        KINDS[question.kind]
        _check_identifier(question)
        _check_limits(question)
        if question.kind == "file" and (purpose == Purpose.PROFILE or question.is_shared):
            raise BadDefinition(f"the question {question.key!r}: a file belongs to a record or a registration")
    _check_agreement(form_key, questions)


def _check_words(definition: Mapping[str, Any]) -> None:
    for section in definition.get("sections", []):
        for question in section["questions"]:
            if unknown := set(question) - _KNOWN:
                raise BadDefinition(f"the question {question.get('key')!r} says {unknown}, which means nothing")


def _check_identifier(question: Question) -> None:
    """Off by default everywhere; who asks it says why, and it is kept encrypted (R-44, R-47)."""
    if question.kind not in CHECKS:
        return
    if not in_language(question.reason).strip():
        raise BadDefinition(f"the question {question.key!r} identifies a person: it needs a written reason")
    if question.data_class not in _SEALED or question.is_shared:
        raise BadDefinition(f"the question {question.key!r} identifies a person: its class is a sealed one")
    if question.kind == "national_number_be" and question.key != NATIONAL_NUMBER:
        raise BadDefinition(f"the question {question.key!r} asks a national number: its key is {NATIONAL_NUMBER!r}")


def _check_limits(question: Question) -> None:
    """A limit that is none would fail a family later."""
    for limit in (question.minimum, question.maximum):
        if limit is None or (question.kind == "date" and limit == "today"):
            continue
        try:
            date.fromisoformat(str(limit)) if question.kind == "date" else int(limit)
        except ValueError as error:
            raise BadDefinition(f"the question {question.key!r}: {error}") from None


def _check_agreement(form_key: str, questions: Iterable[Question]) -> None:
    """One key, one class, one owner: else an answer would be sealed in one form and plain in another."""
    known = _known_elsewhere(form_key)
    for question in questions:
        for other_form, other in known.get(question.key, ()):
            if (other.data_class, other.is_shared) != (question.data_class, question.is_shared):
                raise BadDefinition(
                    f"the question {question.key!r} has another class or owner in the form {other_form!r}"
                )


def _known_elsewhere(form_key: str) -> dict[str, list[tuple[str, Question]]]:
    latest = (
        FormVersion.objects.exclude(form__key=form_key)
        .select_related("form")
        .order_by("form_id", "-number")
        .distinct("form_id")
    )
    known: dict[str, list[tuple[str, Question]]] = {}
    for version in latest:
        for question in definitions.questions(definitions.read_all(version.definition)):
            known.setdefault(question.key, []).append((version.form.key, question))
    return known
