"""What the field template must know about a Django form field: its kind, its hint, its errors, its native widget."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet

_NATIVE = {
    forms.DateInput: ("date", "%Y-%m-%d"),
    forms.TimeInput: ("time", "%H:%M"),
    forms.DateTimeInput: ("datetime-local", "%Y-%m-%dT%H:%M"),
}


class Quantity(forms.NumberInput):
    """A number input shown between a minus and a plus button."""


_KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (Quantity, "quantity"),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.CheckboxInput, "checkbox"),
)


@dataclass(frozen=True)
class FieldError:
    """One line of the error summary; an error of the whole form has neither label nor anchor."""

    text: str
    label: str = ""
    anchor: str = ""


def kind_of(field: BoundField) -> str:
    """Return `hidden`, `quantity`, `checkbox`, `choices` (radios, checkboxes), `group` (several) or `input`."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    for kind, name in _KINDS:
        if isinstance(widget, kind):
            return name
    return "group" if widget.use_fieldset else "input"


def described_by(field: BoundField, hint: str) -> str:
    """Return the ids of the hint and of the errors shown for the field."""
    ids = [f"{field.auto_id}_helptext"] if hint else []
    ids += [f"{field.auto_id}_error"] if field.errors else []
    return " ".join(ids)


def native(widget: forms.Widget) -> forms.Widget:
    """Return the widget, or for dates and hours a copy that uses the browser's own picker."""
    for kind, (input_type, written) in _NATIVE.items():
        if isinstance(widget, kind):
            picker = copy.copy(widget)
            picker.input_type, picker.format = input_type, written
            return picker
    return widget


def rendered(field: BoundField, attrs: dict[str, Any]) -> str:
    """Return the widget's HTML; empty attributes are left out."""
    kept = {name: value for name, value in attrs.items() if value}
    return str(field.as_widget(widget=native(field.field.widget), attrs=kept))


def errors_of(*sources: forms.BaseForm | BaseFormSet[Any]) -> Iterator[FieldError]:
    """Yield every error of forms and formsets in the order of the page."""
    for source in sources:
        if isinstance(source, BaseFormSet):
            yield from (FieldError(str(text)) for text in source.non_form_errors())
            yield from errors_of(*source.forms)
        else:
            yield from _errors_of_form(source)


def _errors_of_form(form: forms.BaseForm) -> Iterator[FieldError]:
    yield from (FieldError(str(text)) for text in form.non_field_errors())
    for field in form:
        anchor = "" if field.is_hidden else field.id_for_label or f"{field.auto_id}_0"
        yield from (FieldError(str(text), str(field.label), anchor) for text in field.errors)
