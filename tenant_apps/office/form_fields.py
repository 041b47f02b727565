"""The forms of the form editor: what a form is for, its text in every language offered, and names of kinds."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenant_apps.forms.drafts import Draft
from tenant_apps.forms.models import Purpose

KIND_WORDS = {
    "text": gettext_lazy("Texte court"),
    "long_text": gettext_lazy("Texte long"),
    "number": gettext_lazy("Nombre"),
    "date": gettext_lazy("Date"),
    "choice": gettext_lazy("Un choix dans une liste"),
    "choices": gettext_lazy("Plusieurs choix"),
    "yes_no": gettext_lazy("Oui ou non"),
    "boolean": gettext_lazy("Case à cocher"),
    "phone": gettext_lazy("Téléphone"),
    "email": gettext_lazy("Courriel"),
    "address": gettext_lazy("Adresse"),
    "people": gettext_lazy("Personnes (nom, téléphone, lien)"),
    "file": gettext_lazy("Document joint"),
    "level": gettext_lazy("Niveau"),
    "establishment": gettext_lazy("Établissement"),
    "national_number_be": gettext_lazy("Numéro de registre national (Belgique)"),
    "code_permanent_qc": gettext_lazy("Code permanent (Québec)"),
    "health_insurance_qc": gettext_lazy("Numéro d’assurance maladie (Québec)"),
    "oen": gettext_lazy("Numéro de l’élève de l’Ontario"),
    "sin_ca": gettext_lazy("Numéro d’assurance sociale (Canada)"),
}
_MOST_DAYS = 3650


class SettingsForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=200)
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi nous le demandons"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Les familles lisent ce texte en tête du formulaire."),
    )
    validity_days = forms.IntegerField(
        label=gettext_lazy("Validité, en jours"),
        required=False,
        min_value=1,
        max_value=_MOST_DAYS,
        help_text=gettext_lazy("Laissez vide si la réponse vaut pour toujours."),
    )
    asks_everyone = forms.BooleanField(
        label=gettext_lazy("Demander à toutes les familles"),
        required=False,
        help_text=gettext_lazy("Sinon, seulement pour les activités qui l’exigent."),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Date limite"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Ce jour-là compris."),
    )
    is_open = forms.BooleanField(label=gettext_lazy("On peut y répondre"), required=False)

    @classmethod
    def of(cls, draft: Draft, data: Mapping[str, Any] | None, *, purpose: str) -> "SettingsForm":
        now = {name: getattr(draft, name) for name in cls.base_fields}
        form = cls(data, initial=now)
        if purpose not in (Purpose.CONSENT, Purpose.RECORD):
            for name in ("validity_days", "asks_everyone", "due_on", "is_open"):
                del form.fields[name]
        return form

    @property
    def columns(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        if "due_on" in told:
            told["due_on"] = told["due_on"].isoformat() if told["due_on"] else ""
        return told


class TextForm(forms.Form):
    """A consent's text, in Markdown, in each of the organisation's languages."""

    def __init__(
        self, data: Mapping[str, Any] | None, *, texts: Mapping[str, str], languages: Mapping[str, str]
    ) -> None:
        super().__init__(data, initial={f"text_{code}": texts.get(code, "") for code in languages})
        self.languages = languages
        for code, name in languages.items():
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Texte (%(language)s)") % {"language": name},
                required=code == "fr",
                max_length=20_000,
                widget=forms.Textarea(attrs={"rows": 10, "lang": code}),
                help_text=_("Deux astérisques de chaque côté mettent en gras\u202f: **important**."),
            )

    @property
    def texts(self) -> dict[str, str]:
        told = {code: self.cleaned_data.get(f"text_{code}", "").replace("\r\n", "\n") for code in self.languages}
        return {code: text for code, text in told.items() if text.strip()}


def languages_of(codes: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """The organisation's languages by their names, French first: it stands in for one that is missing."""
    ordered = ["fr", *(code for code in codes if code != "fr")]
    return {code: names[code] for code in ordered if code in names}
