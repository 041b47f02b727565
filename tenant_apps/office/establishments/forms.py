"""What families read of an establishment, and who is paid for it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.design.lines import LineField
from tenant_apps.organisation.models import Establishment, Payee

_COLUMNS = ("name", "email", "phone", "address", "help_text", "payee")


class EstablishmentForm(forms.Form):
    name = LineField(label=_("Nom"), max_length=200)
    email = forms.EmailField(label=_("Courriel"), required=False, max_length=254)
    phone = LineField(
        label=_("Téléphone"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    address = forms.CharField(
        label=_("Adresse"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    help_text = forms.CharField(
        label=_("Aide"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Heures du secrétariat, où se présenter. Les familles le lisent avec les activités de ce lieu."),
    )
    payee = forms.ModelChoiceField(
        Payee.objects.order_by("name"),
        label=_("Compte de paiement"),
        required=False,
        empty_label=_("Aucun en particulier"),
        help_text=_("Proposé pour les nouvelles activités de cet établissement."),
    )

    @classmethod
    def of(cls, data: Any, establishment: Establishment | None) -> "EstablishmentForm":
        return cls(data, initial={name: getattr(establishment, name) for name in _COLUMNS} if establishment else None)

    def columns(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in said.items()}
