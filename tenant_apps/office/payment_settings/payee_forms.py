"""Who is paid: its name on receipts, its bank account, and its segment in the books."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import bic as stdnum_bic

from kernel.errors import Refusal
from shared_apps.design.lines import LineField
from tenant_apps.organisation import banking
from tenant_apps.organisation.models import Payee

_PLAIN = forms.TextInput(attrs={"autocomplete": "off"})
_COLUMNS = ("name", "legal_name", "address", "registration_numbers", "iban", "bic", "bank_account")


class PayeeForm(forms.Form):
    name = LineField(label=gettext_lazy("Nom"), max_length=200, help_text=gettext_lazy("Tel que le personnel le lit."))
    legal_name = LineField(
        label=gettext_lazy("Nom légal"), max_length=200, help_text=gettext_lazy("Tel qu’il est écrit sur les reçus.")
    )
    address = forms.CharField(
        label=gettext_lazy("Adresse"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    registration_numbers = LineField(
        label=gettext_lazy("Numéros d’inscription"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Ils sont écrits sur les reçus."),
    )
    iban = forms.CharField(
        label=gettext_lazy("IBAN"),
        required=False,
        max_length=42,
        widget=_PLAIN,
        help_text=gettext_lazy("Les familles y font leurs virements. Sans lui, aucun virement n’est proposé."),
    )
    bic = forms.CharField(label=gettext_lazy("BIC"), required=False, max_length=14, widget=_PLAIN)
    bank_account = LineField(
        label=gettext_lazy("Compte bancaire"),
        required=False,
        max_length=60,
        widget=_PLAIN,
        help_text=gettext_lazy("Tel que la banque le nomme, sur les bordereaux de dépôt."),
    )
    segment = LineField(
        label=gettext_lazy("Segment comptable"),
        required=False,
        max_length=60,
        widget=_PLAIN,
        help_text=gettext_lazy("Il accompagne chaque ligne de ce compte dans l’export."),
    )

    @classmethod
    def of(cls, data: Any, payee: Payee) -> "PayeeForm":
        kept = {name: getattr(payee, name) for name in _COLUMNS}
        return cls(data, initial={**kept, "segment": payee.accounting.get("segment", "")})

    def clean_iban(self) -> str:
        try:
            return banking.compact(self.cleaned_data["iban"])
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_bic(self) -> str:
        typed: str = self.cleaned_data["bic"].replace(" ", "").upper()
        if typed and not stdnum_bic.is_valid(typed):
            raise forms.ValidationError(_("Ce BIC n’est pas valide\u202f: il a 8 ou 11 caractères."))
        return typed

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("bic") and not said.get("iban") and "iban" not in self.errors:
            self.add_error("iban", _("Un BIC va avec un IBAN."))
        return said

    def columns(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {**{name: said[name] for name in _COLUMNS}, "address": said["address"].replace("\r\n", "\n")}
