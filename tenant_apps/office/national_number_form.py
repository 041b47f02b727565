"""The form of the rule « national number »."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenant_apps.organisation.national_number import NationalNumberRule


class NationalNumberForm(forms.Form):
    asked = forms.BooleanField(
        label=_("Le numéro national peut être demandé"),
        required=False,
        help_text=_("Sans cela, il n’est ni demandé dans un formulaire, ni repris d’un fichier ou d’un fournisseur."),
    )
    reason = forms.CharField(
        label=_("À quoi il sert"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Obligatoire s’il est demandé. Par exemple, établir une attestation fiscale."),
    )
    reference = forms.CharField(
        label=_("Référence de l’autorisation"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("La loi, l’arrêté ou la délibération qui vous y autorise."),
    )
    until = forms.DateField(
        label=_("Dernier jour"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Ce jour-là compris. Le lendemain, la règle s’éteint d’elle-même. Laissez vide s’il n’y en a pas."),
    )

    @property
    def rule(self) -> NationalNumberRule:
        return NationalNumberRule(**self.cleaned_data)
