"""Signing: the name written by hand and, for a record, a box that says what it stands for."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

PREFIX = "signature"


class SignedName(forms.Form):
    signed_name = forms.CharField(
        label=gettext_lazy("Votre prénom et votre nom"),
        help_text=gettext_lazy("Écrire votre nom vaut signature."),
        max_length=200,
        error_messages={"required": gettext_lazy("Écrivez votre prénom et votre nom pour signer.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_signed_name(self) -> str:
        name: str = self.cleaned_data["signed_name"].strip()
        if len(name) < 3:
            raise forms.ValidationError(_("Écrivez votre prénom et votre nom en entier."))
        return name


class SignatureForm(SignedName):
    confirmed = forms.BooleanField(
        label=gettext_lazy("Je confirme que ces renseignements sont exacts et à jour"),
        error_messages={"required": gettext_lazy("Cochez la case pour confirmer.")},
    )
    field_order = ["confirmed", "signed_name"]

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=PREFIX)
