"""Whom the platform invoices, as the organisation writes it."""

from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.details import TaxNumberWrong, tax_number
from shared_apps.design.lines import LineField

COUNTRIES = ("CA", "BE", "FR", "LU", "NL", "CH")
PROVINCES = (
    ("", "—"),
    ("AB", _("Alberta")),
    ("BC", _("Colombie-Britannique")),
    ("PE", _("Île-du-Prince-Édouard")),
    ("MB", _("Manitoba")),
    ("NB", _("Nouveau-Brunswick")),
    ("NS", _("Nouvelle-Écosse")),
    ("NU", _("Nunavut")),
    ("ON", _("Ontario")),
    ("QC", _("Québec")),
    ("SK", _("Saskatchewan")),
    ("NL", _("Terre-Neuve-et-Labrador")),
    ("NT", _("Territoires du Nord-Ouest")),
    ("YT", _("Yukon")),
)


class DetailsForm(forms.Form):
    name = LineField(label=_("Nom"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    email = forms.EmailField(
        label=_("Courriel de la comptabilité"),
        help_text=_("Les factures y sont envoyées."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    line1 = LineField(
        label=_("Adresse"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "address-line1"})
    )
    city = LineField(label=_("Ville"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "address-level2"}))
    postal_code = LineField(
        label=_("Code postal"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "postal-code"})
    )
    country = forms.ChoiceField(label=_("Pays"), widget=forms.Select(attrs={"autocomplete": "country"}))
    state = forms.ChoiceField(
        label=_("Province"),
        choices=PROVINCES,
        required=False,
        help_text=_("Au Canada seulement\u202f: elle dit quelles taxes s’ajoutent."),
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
    )
    tax_number = LineField(
        label=_("Numéro d’entreprise ou de TVA"),
        max_length=40,
        required=False,
        help_text=_("En Belgique, le numéro de TVA\u202f; au Canada, les neuf chiffres de l’Agence du revenu."),
    )
    purchase_order = LineField(
        label=_("Bon de commande"), max_length=30, required=False, help_text=_("Il est écrit sur chaque facture.")
    )

    def __init__(self, data: Any, *, billing: dict[str, Any], country: str) -> None:
        address = billing.get("address") or {"country": country}
        super().__init__(data, initial={**billing, **address})
        names = Locale.parse((get_language() or "fr")[:2]).territories
        self.fields["country"].choices = [(code, names[code]) for code in COUNTRIES]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        country = said.get("country", "")
        if country == "CA" and not said.get("state"):
            self.add_error("state", _("Choisissez la province."))
        try:
            said["tax_number"] = tax_number(said.get("tax_number", ""), country)
        except TaxNumberWrong as refusal:
            self.add_error("tax_number", str(refusal))
        return said

    def billing(self) -> dict[str, Any]:
        said = self.cleaned_data
        in_canada = said["country"] == "CA"
        address = {name: said[name] for name in ("line1", "city", "postal_code", "country")}
        return {
            **{name: said[name] for name in ("name", "email", "tax_number", "purchase_order")},
            "address": {**address, "state": said["state"] if in_canada else ""},
        }
