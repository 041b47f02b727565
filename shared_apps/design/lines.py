"""The field of a text in one line: line breaks and what cannot be seen are left out of it."""

from typing import Any

from django import forms

from kernel.lines import one_line


class LineField(forms.CharField):
    """Nothing was typed where nothing would be seen."""

    def to_python(self, value: Any) -> str:
        return one_line(super().to_python(value) or "")
