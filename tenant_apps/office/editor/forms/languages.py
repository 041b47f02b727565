"""The same texts once more in each of the organisation's other languages."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shared_apps.design.lines import LineField


class TranslatedForm(forms.Form):
    """`translated` are the fields written in several languages; the French is the field itself."""

    translated: tuple[str, ...] = ()

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        languages: Mapping[str, str],
        translations: Mapping[str, Mapping[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(data, files, **options)
        self.others = {code: name for code, name in languages.items() if code != "fr"}
        self._known = translations
        for code, name in self.others.items():
            for part in self.translated:
                self._add(part, code, name)

    def translations(self) -> dict[str, dict[str, str]]:
        """All of them: what this form does not ask stays as it was, and so does a language no longer offered."""
        told: dict[str, dict[str, str]] = {code: dict(words) for code, words in self._known.items()}
        for code in self.others:
            said = {part: self.cleaned_data[f"{part}_{code}"].strip() for part in self.translated}
            kept = {part: words for part, words in told.get(code, {}).items() if part not in said}
            told[code] = {**kept, **{part: words for part, words in said.items() if words}}
        return {code: words for code, words in told.items() if words}

    @property
    def by_language(self) -> list[dict[str, Any]]:
        """The fields of each language, for the page to put them together."""
        return [
            {
                "code": code,
                "name": name,
                "fields": [self[f"{part}_{code}"] for part in self.translated],
                "is_begun": any(self[f"{part}_{code}"].value() for part in self.translated),
            }
            for code, name in self.others.items()
        ]

    def _add(self, part: str, code: str, name: str) -> None:
        french = self.fields[part]
        widget = type(french.widget)(attrs={**french.widget.attrs, "lang": code})
        kind = LineField if isinstance(french, LineField) else forms.CharField
        self.fields[f"{part}_{code}"] = kind(
            label=_("%(field)s (%(language)s)") % {"field": french.label, "language": name},
            required=False,
            max_length=getattr(french, "max_length", None),
            initial=self._known.get(code, {}).get(part, ""),
            widget=widget,
        )
