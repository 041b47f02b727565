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


class Assisted(forms.Form):
    """What a member of staff says besides, who types for somebody."""

    is_present = forms.BooleanField(
        label=gettext_lazy("Le parent est présent et j’ai vérifié son identité"),
        help_text=gettext_lazy("Sinon, la famille signe elle-même, sur son propre écran."),
        error_messages={"required": gettext_lazy("Sans le parent présent, rien ne peut être signé.")},
    )

    def ask_if_present(self, is_by_staff: bool) -> None:
        if not is_by_staff:
            del self.fields["is_present"]
            return
        name = self.fields["signed_name"]
        name.label = _("Prénom et nom du parent")
        name.help_text = _("Le parent lit le texte, décide, et vous dicte son nom\u202f: cela vaut signature.")
        name.widget.attrs["autocomplete"] = "off"


class SignatureForm(SignedName, Assisted):
    confirmed = forms.BooleanField(
        label=gettext_lazy("Je confirme que ces renseignements sont exacts et à jour"),
        error_messages={"required": gettext_lazy("Cochez la case pour confirmer.")},
    )
    field_order = ["confirmed", "signed_name", "is_present"]

    def __init__(self, data: Mapping[str, Any] | None = None, *, is_by_staff: bool = False) -> None:
        super().__init__(data, prefix=PREFIX)
        self.ask_if_present(is_by_staff)
