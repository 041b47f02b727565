"""Questions of several boxes: a postal address, and people to call, one line each."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tenant_apps.forms.phone import PhoneField

_POSTAL_CODES = {
    "BE": (r"^[1-9]\d{3}$", "4999"),
    "CA": (r"^[A-Z]\d[A-Z] ?\d[A-Z]\d$", "J8X 2T3"),
}
_LINE = ("name", "phone", "relation")
_BOXES = {
    "street": (_("Rue et numéro"), "address-line1"),
    "postal_code": (_("Code postal"), "postal-code"),
    "town": (_("Localité"), "address-level2"),
}


class AddressWidget(forms.MultiWidget):
    use_fieldset = True

    def __init__(self) -> None:
        super().__init__({name: forms.TextInput() for name in _BOXES})

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, Mapping):
            return [str(value.get(name, "")) for name in _BOXES]
        # An address written in one line, before the question had three boxes.
        return [str(value or ""), "", ""]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        boxes = _boxes(self.get_context(name, value, attrs)["widget"]["subwidgets"], _BOXES.values())
        return render_to_string("components/question_address.html", {"boxes": boxes, "required": self.is_required})


class AddressField(forms.MultiValueField):
    """Gives {"street", "postal_code", "town"}, or nothing."""

    widget = AddressWidget

    def __init__(self, *, territory: str) -> None:
        shape, example = _POSTAL_CODES.get(territory, (r"^.{2,12}$", "1000"))
        told = format_lazy(_("Écrivez un code postal complet, comme {example}."), example=example)
        postal_code = forms.RegexField(shape, max_length=12, error_messages={"invalid": told})
        boxes = (forms.CharField(max_length=120), postal_code, forms.CharField(max_length=80))
        super().__init__(boxes, require_all_fields=False)

    def clean(self, value: Any) -> Any:
        said = [str(each or "").strip() for each in value or ["", "", ""]]
        if not any(said):
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return ""
        if not all(said):
            raise forms.ValidationError(_("Écrivez la rue, le code postal et la localité."), code="incomplete")
        return super().clean([said[0], said[1].upper(), said[2]])

    def compress(self, data_list: list[str]) -> dict[str, str]:
        return dict(zip(_BOXES, data_list, strict=True))


class PeopleWidget(forms.MultiWidget):
    """As many lines as may be named; the empty ones wait behind « une autre personne »."""

    use_fieldset = True

    def __init__(self, most: int) -> None:
        self.most = most
        phone = {"type": "tel", "inputmode": "tel"}
        super().__init__(
            {
                f"{number}-{name}": forms.TextInput(attrs=phone if name == "phone" else None)
                for number in range(1, most + 1)
                for name in _LINE
            }
        )

    def decompress(self, value: Any) -> list[str]:
        people = value if isinstance(value, list) else []
        told = [str(person.get(name, "")) for person in people[: self.most] for name in _LINE]
        return told + [""] * (self.most * len(_LINE) - len(told))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            value = self.decompress(value)
        subwidgets = self.get_context(name, value, attrs)["widget"]["subwidgets"]
        labels = [(_("Nom"), "off"), (_("Téléphone"), "off"), (_("Lien avec l’enfant"), "off")]
        lines = [_boxes(subwidgets[at : at + 3], labels) for at in range(0, len(subwidgets), 3)]
        told = max((at for at, line in enumerate(lines, 1) if any(box["value"] for box in line)), default=1)
        context = {"lines": lines, "told": told, "required": self.is_required}
        return render_to_string("components/question_people.html", context)


class PeopleField(forms.Field):
    """Gives [{"name", "phone", "relation"}]; a line left empty is nobody."""

    def __init__(self, *, territory: str, least: int, most: int) -> None:
        super().__init__(widget=PeopleWidget(most))
        self._phone = PhoneField(territory=territory, required=False)
        self._least = least

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list) or not value or not isinstance(value[0], Mapping):
            return value
        return [{**person, "phone": self._phone.prepare_value(person.get("phone", ""))} for person in value]

    def clean(self, value: Any) -> list[dict[str, str]]:
        told = [str(each or "").strip() for each in value or []]
        lines = [told[at : at + 3] for at in range(0, len(told), 3)]
        people = [self._person(line) for line in lines if any(line)]
        if len(people) < max(self._least, int(self.required)):
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return people

    def _person(self, line: list[str]) -> dict[str, str]:
        name, phone, relation = line
        if not name or not phone:
            raise forms.ValidationError(_("Pour chaque personne, écrivez son nom et son téléphone."), code="incomplete")
        if max(len(name), len(relation)) > 100:
            raise forms.ValidationError(_("C’est trop long\u202f: 100 caractères au plus."), code="max_length")
        return {"name": name, "phone": self._phone.clean(phone), "relation": relation}


def _boxes(subwidgets: Any, labels: Any) -> list[dict[str, Any]]:
    """What a template needs to draw each box with its own label."""
    return [
        {
            "id": each["attrs"].get("id", ""),
            "name": each["name"],
            "type": each["attrs"].get("type", "text"),
            "value": each["value"] or "",
            "label": label,
            "autocomplete": autocomplete,
        }
        for each, (label, autocomplete) in zip(subwidgets, labels, strict=True)
    ]
