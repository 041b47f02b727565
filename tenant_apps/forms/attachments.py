"""The question whose answer is a file: what the browser sends, and what stays when the form comes back with errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from kernel import signing
from tenant_apps.forms import scanning

_PURPOSE = "forms.attachment"
_ONE_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Given:
    """`kept` is the proof that this very visitor sent the file a moment ago."""

    file: "UploadedFile[Any] | None"
    kept: str
    is_removed: bool


class AttachmentWidget(forms.FileInput):
    needs_multipart_form = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Given:
        return Given(file=files.get(name), kept=data.get(f"{name}-kept", ""), is_removed=f"{name}-removed" in data)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False

    def format_value(self, value: Any) -> Any:
        return value

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = self.get_context(name, value, attrs)["widget"]
        known = value if isinstance(value, Mapping) else None
        context = {"name": name, "attrs": {**context["attrs"], "accept": ".pdf,.jpg,.jpeg,.png"}, "known": known}
        if known:
            context["attrs"].pop("required", None)
        return render_to_string("components/field_file.html", context)


class AttachmentField(forms.FileField):
    """Gives a `scanning.Checked` file just sent, {"upload", "name"} for one that is kept already, or nothing."""

    widget = AttachmentWidget

    def __init__(self, *, owner: str) -> None:
        super().__init__(help_text=_("PDF, JPEG ou PNG, 10 Mo au plus."))
        self.owner = owner
        self.kept: dict[str, str] | None = None

    def clean(self, data: Any, initial: Any = None) -> Any:
        given = data if isinstance(data, Given) else Given(None, "", False)
        if given.file is not None:
            return scanning.checked(given.file)
        known = self._of_token(given.kept) or initial or ""
        if given.is_removed:
            known = ""
        if not known and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return known

    def bound_data(self, data: Any, initial: Any) -> Any:
        if self.kept is not None:
            return {**self.kept, "token": self._token(self.kept)}
        if isinstance(data, Given) and data.is_removed:
            return ""
        if isinstance(data, Given) and (known := self._of_token(data.kept)):
            return {**known, "token": data.kept}
        return initial

    def has_changed(self, initial: Any, data: Any) -> bool:
        return isinstance(data, Given) and bool(data.file or data.kept or data.is_removed)

    def _token(self, kept: dict[str, str]) -> str:
        return signing.sign({**kept, "owner": self.owner}, purpose=_PURPOSE)

    def _of_token(self, token: str) -> dict[str, str] | None:
        if not token or not self.owner:
            return None
        try:
            kept = signing.read(token, purpose=_PURPOSE, max_age_seconds=_ONE_DAY)
        except signing.BadSignature:
            return None
        return {"upload": kept["upload"], "name": kept["name"]} if kept.get("owner") == self.owner else None


def of_form(form: forms.Form) -> dict[str, AttachmentField]:
    """The questions of a form that ask for a file."""
    return {name: field for name, field in form.fields.items() if isinstance(field, AttachmentField)}


def upload_of(answer: Any) -> str:
    """The file that an answer names; nothing where it names none."""
    return str(answer.get("upload", "")) if isinstance(answer, Mapping) else ""
