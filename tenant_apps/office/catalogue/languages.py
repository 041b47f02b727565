"""The same text in each language of the organisation, as fields of one form: French, then the others beside it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from kernel.words import Words
from shared_apps.design.lines import LineField
from tenant_apps.organisation.models import Profile


def others_of(profile: Profile) -> dict[str, str]:
    """The languages that the organisation writes beside French, by code, each in its own name."""
    return {code: name for code, name in settings.LANGUAGES if code in profile.languages and code != "fr"}


def add_fields(
    form: forms.Form, name: str, languages: Mapping[str, str], *, kept: Words = "", of: forms.CharField | None = None
) -> None:
    """Beside the French field of that name, one for each other language. `kept` is what was said until now."""
    french = of or form.fields[name]
    said = {"fr": kept} if isinstance(kept, str) else kept
    form.initial.setdefault(name, said.get("fr", ""))
    kind = LineField if isinstance(french, LineField) else forms.CharField
    for code, language in languages.items():
        field = kind(
            label=_label(french.label, language),
            required=False,
            max_length=getattr(french, "max_length", None),
            widget=type(french.widget)(attrs={**french.widget.attrs, "lang": code}),
        )
        form.fields[f"{name}_{code}"] = field
        form.initial[f"{name}_{code}"] = said.get(code, "")


def words(said: Mapping[str, Any], name: str, languages: Mapping[str, str]) -> Words:
    """What was typed: a text alone where nothing was translated."""
    translated = {code: said[f"{name}_{code}"] for code in languages if said.get(f"{name}_{code}")}
    return {"fr": said[name], **translated} if translated else str(said[name])


def translations(said: Mapping[str, Any], names: Sequence[str], languages: Mapping[str, str]) -> dict[str, Any]:
    """As a Translated model keeps them: {"en": {"name"}}, without what is empty."""
    found = {code: {name: said[f"{name}_{code}"] for name in names if said.get(f"{name}_{code}")} for code in languages}
    return {code: told for code, told in found.items() if told}


def _label(label: str | Promise | None, language: str) -> str:
    return _("%(field)s (%(language)s)") % {"field": label, "language": language}
