"""Keywords, typed between commas."""

from typing import Any

from django import forms

from tenant_apps.catalog import tags


class TagsField(forms.CharField):
    """Its value is a list. Long enough for all the keywords that there may be."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"required": False, "max_length": tags.MOST * (tags.LONGEST + 2), **options})

    def clean(self, value: Any) -> list[str]:
        try:
            return tags.typed(super().clean(value))
        except tags.BadTags as refusal:
            raise forms.ValidationError(str(refusal)) from None
