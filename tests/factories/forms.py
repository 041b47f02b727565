"""Forms, with the questions a test names."""

from itertools import count
from typing import Any

from tenant_apps.forms import operations
from tenant_apps.forms.models import FormVersion, Purpose

_number = count(1)


def a_form(
    *questions: dict[str, Any], purpose: str = Purpose.REGISTRATION, text: str = "", key: str = ""
) -> FormVersion:
    """A form of one section; a question needs only its key."""
    complete = [{"kind": "text", "label": question["key"], **question} for question in questions]
    return operations.publish_version(
        form_key=key or f"form-{next(_number)}",
        title="Formulaire",
        purpose=purpose,
        definition={"sections": [{"title": "Identification", "questions": complete}]},
        text=text,
    )


def a_consent(text: str = "J’autorise mon enfant à participer.") -> FormVersion:
    return a_form(purpose=Purpose.CONSENT, text=text)
