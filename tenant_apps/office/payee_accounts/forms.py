"""A new payee, the address that the processor writes to, and which places a payee is paid for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.design.lines import LineField
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Establishment, Payee


class OpenForm(forms.Form):
    email = forms.EmailField(
        label=_("Adresse courriel"),
        help_text=_("Le processeur y écrit à qui tient le compte."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class PlacesForm(forms.Form):
    places = forms.ModelMultipleChoiceField(
        label=_("Établissements payés par ce compte"),
        queryset=Establishment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, payee: Payee | None = None) -> None:
        super().__init__(data, initial={"places": list(payee.establishments.all()) if payee else []})
        field = self.fields["places"]
        field.queryset = organisation.establishments().select_related("payee")  # type: ignore[attr-defined]
        field.label_from_instance = lambda place: _label(place, payee)  # type: ignore[attr-defined]


class PayeeForm(OpenForm, PlacesForm):
    name = LineField(label=_("Nom"), max_length=200, help_text=_("Tel que le personnel et les familles le lisent."))
    legal_name = LineField(label=_("Nom légal"), max_length=200, help_text=_("Tel qu’il est écrit sur les reçus."))

    field_order = ("name", "legal_name", "email", "places")


def _label(place: Establishment, payee: Payee | None) -> str:
    """With who is paid for it today, where that is somebody else."""
    other = place.payee if place.payee_id and (payee is None or place.payee_id != payee.pk) else None
    return f"{place.name} ({other.name})" if other else place.name
