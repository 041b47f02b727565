"""What is said to leave: when it closes, when everything is erased, and the organisation's name once more."""

from typing import Any

from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from shared_apps.design import formats

_FIELDS = {"too_soon": "closes_on", "erased_too_soon": "erases_on"}


def _day(label: Any, help_text: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class LeavingForm(forms.Form):
    closes_on = _day(
        _("Fermeture"), _("Dès ce jour, le site peut seulement être consulté. Au plus tôt dans sept jours.")
    )
    erases_on = _day(
        _("Effacement"), _("Ce jour-là, tout est effacé pour de bon. Au plus tôt trente jours après la fermeture.")
    )
    reason = forms.CharField(
        label=_("Pourquoi partez-vous\u202f?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    name = forms.CharField(label=_("Nom de l’organisation"), max_length=200)

    def __init__(self, *args: Any, organisation: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["name"].help_text = _("Écrivez «\u202f%(name)s\u202f» pour confirmer.") % {"name": organisation}

    def clean_name(self) -> str:
        said = " ".join(str(self.cleaned_data["name"]).split())
        if said.casefold() != self.organisation.casefold():
            raise ValidationError(_("Ce n’est pas le nom de l’organisation."))
        return said

    def days(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in ("closes_on", "erases_on", "reason")}

    def refuse(self, refusal: Refusal, locale: Locale) -> None:
        """At its field, with its day as it is said there."""
        words = str(refusal)
        if earliest := refusal.values.get("earliest"):
            words = str(refusal.message).format(earliest=formats.date_words(earliest, locale, length="long"))  # type: ignore[arg-type]
        self.add_error(_FIELDS.get(refusal.code), words)
