"""The parental authorization: yes or no, with the name written by hand as a signature (S3-04)."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.forms.models import Decision

PREFIX = "autorisation"


class ConsentForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_lazy("Votre décision"),
        choices=[(each.value, each.label) for each in (Decision.YES, Decision.NO)],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Indiquez si vous autorisez ou non.")},
    )
    signed_name = forms.CharField(
        label=gettext_lazy("Votre prénom et votre nom"),
        help_text=gettext_lazy("Écrire votre nom vaut signature."),
        max_length=200,
        error_messages={"required": gettext_lazy("Écrivez votre prénom et votre nom pour signer.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, prefix=PREFIX)

    def clean_signed_name(self) -> str:
        name: str = self.cleaned_data["signed_name"].strip()
        if len(name) < 3:
            raise forms.ValidationError(_("Écrivez votre prénom et votre nom en entier."))
        return name

    @property
    def is_refused(self) -> bool:
        return bool(self.cleaned_data["decision"] == Decision.NO)


class WithdrawalForm(forms.Form):
    signed_name = forms.CharField(
        label=gettext_lazy("Votre prénom et votre nom"),
        help_text=gettext_lazy("Écrire votre nom vaut signature."),
        max_length=200,
        error_messages={"required": gettext_lazy("Écrivez votre prénom et votre nom pour signer.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
