"""What is typed at the counter: a name to look for, the code that a family reads out, a family that is new."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.forms.phone import PhoneField


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Nom, courriel ou numéro"), required=False, max_length=100, strip=True)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code dicté par la famille"),
        help_text=_("Six chiffres, que la famille lit sur son écran."),
        max_length=20,
        error_messages={"required": _("Écrivez le code.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class FamilyForm(forms.Form):
    first_name = forms.CharField(
        label=_("Prénom du parent"), max_length=100, error_messages={"required": _("Écrivez le prénom du parent.")}
    )
    last_name = forms.CharField(
        label=_("Nom du parent"), max_length=100, error_messages={"required": _("Écrivez le nom du parent.")}
    )
    email = forms.EmailField(
        label=_("Courriel"),
        required=False,
        max_length=254,
        help_text=_("Sans courriel, la famille ne reçoit ni confirmation ni lien pour payer."),
        error_messages={"invalid": _("Écrivez un courriel complet, comme nom@exemple.org.")},
    )
    language = forms.ChoiceField(label=_("Langue des messages"))
    is_new = forms.BooleanField(label=_("C’est une autre famille"), required=False)

    field_order = ["first_name", "last_name", "phone", "email", "language", "is_new"]

    def __init__(self, data: Any, *, territory: str, languages: list[tuple[str, str]]) -> None:
        """`is_new` is ticked beside the families that look like this one, where there are any."""
        super().__init__(data)
        self.fields["phone"] = PhoneField(
            territory=territory,
            label=_("Téléphone"),
            error_messages={"required": _("Écrivez un téléphone où joindre la famille.")},
        )
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        self.order_fields(self.field_order)
