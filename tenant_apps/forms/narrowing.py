"""What of a form is put before a guardian who may not see what is known of the child's health."""

from typing import Any

from kernel.inventory import DataClass
from tenant_apps.forms.models import FormVersion


def without_health(version: FormVersion) -> FormVersion:
    """The same version, to be shown and never saved, without its questions about health and what hangs on them."""
    narrowed = FormVersion(
        id=version.id, form=version.form, number=version.number, text=version.text, text_sha256=version.text_sha256
    )
    sections = version.definition.get("sections", [])
    gone = {question["key"] for section in sections for question in section["questions"] if _is_health(question)}
    while more := {
        question["key"]
        for section in sections
        for question in section["questions"]
        if question["key"] not in gone and _hangs_on(question) in gone
    }:
        gone |= more
    kept = [
        {**section, "questions": [question for question in section["questions"] if question["key"] not in gone]}
        for section in sections
    ]
    narrowed.definition = {**version.definition, "sections": [section for section in kept if section["questions"]]}
    return narrowed


def _is_health(question: dict[str, Any]) -> bool:
    return bool(question.get("class") == DataClass.HEALTH)


def _hangs_on(question: dict[str, Any]) -> str:
    return str((question.get("show_if") or {}).get("question", ""))
