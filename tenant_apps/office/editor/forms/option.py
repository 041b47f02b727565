"""One option: what is taken, when, at what price, how many there are and how many of it one may take."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.design.amounts import CentsField
from shared_apps.design.lines import LineField
from tenant_apps.catalog.models import Option, Selection
from tenant_apps.office.editor.forms.languages import TranslatedForm
from tenant_apps.office.editor.forms.moments import DayField

# As many as a column of the database counts.
_MOST_PLACES = 2_147_483_647
_MOST_OF_ONE = 1000


class SelectionForm(forms.Form):
    selection = forms.ChoiceField(label=gettext_lazy("Comment choisit-on\u202f?"), choices=Selection.choices)


class OptionForm(TranslatedForm):
    translated = ("name", "description")

    name = LineField(label=gettext_lazy("Nom"), max_length=120)
    code = LineField(
        label=gettext_lazy("Code"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Le numéro de l’article ou du groupe, si vous en avez un."),
    )
    description = LineField(label=gettext_lazy("Description"), required=False, max_length=200)
    starts_on = DayField(label=gettext_lazy("Premier jour"), required=False)
    ends_on = DayField(
        label=gettext_lazy("Dernier jour"),
        required=False,
        help_text=gettext_lazy("Laissez vide si c’est un seul jour."),
    )
    price_cents = CentsField(
        label=gettext_lazy("Prix"), required=False, help_text=gettext_lazy("Laissez vide si c’est gratuit.")
    )
    is_voluntary = forms.BooleanField(
        label=gettext_lazy("Contribution volontaire"),
        required=False,
        help_text=gettext_lazy("Chacun dit combien, et peut ne rien donner. Le prix reste vide."),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Nombre de places"),
        required=False,
        min_value=0,
        max_value=_MOST_PLACES,
        help_text=gettext_lazy("Laissez vide pour un nombre illimité."),
    )
    minimum_quantity = forms.IntegerField(
        label=gettext_lazy("Quantité minimale"),
        min_value=1,
        max_value=_MOST_OF_ONE,
        help_text=gettext_lazy("Pour qui en prend."),
    )
    maximum_quantity = forms.IntegerField(label=gettext_lazy("Quantité maximale"), min_value=1, max_value=_MOST_OF_ONE)

    @classmethod
    def of(
        cls, option: Option, data: Any, *, capacity: int | None, languages: Mapping[str, str], takes_quantities: bool
    ) -> "OptionForm":
        now = {name: getattr(option, name) for name in cls.base_fields if name != "capacity"}
        initial = {**now, "capacity": capacity, "price_cents": option.price_cents or None}
        form = cls(data, languages=languages, translations=option.translations, initial=initial)
        if not takes_quantities:
            del form.fields["minimum_quantity"], form.fields["maximum_quantity"]
        return form

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        starts_on, ends_on = said.get("starts_on"), said.get("ends_on")
        if ends_on and not starts_on:
            self.add_error("starts_on", _("Dites aussi le premier jour."))
        elif starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("La fin vient avant le début."))
        if said.get("is_voluntary") and said.get("price_cents"):
            self.add_error("price_cents", _("Une contribution volontaire n’a pas de prix\u202f: chacun dit combien."))
        if said.get("maximum_quantity", 1) < said.get("minimum_quantity", 1):
            self.add_error("maximum_quantity", _("Le maximum est plus petit que le minimum."))
        return said

    def columns(self) -> dict[str, Any]:
        own = {
            name: said for name, said in self.cleaned_data.items() if name in self.base_fields and name != "capacity"
        }
        return {**own, "price_cents": own["price_cents"] or 0, "translations": self.translations()}
