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
_MOST_OF_A_TITLE, _MOST_OF_A_REASON = 200, 1000
_TRANSLATED = ("title", "reason")


class SettingsForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Titre"), max_length=_MOST_OF_A_TITLE)
    reason = forms.CharField(
        label=gettext_lazy("Pourquoi nous le demandons"),
        required=False,
        max_length=_MOST_OF_A_REASON,
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

    others: Sequence[str] = ()
    translations_kept: Mapping[str, dict[str, str]] = {}

    @classmethod
    def of(
        cls, draft: Draft, data: Mapping[str, Any] | None, *, purpose: str, languages: Mapping[str, str]
    ) -> "SettingsForm":
        """With the title and the reason once more in each of these languages but French."""
        now = {name: getattr(draft, name) for name in cls.base_fields}
        form = cls(data, initial=now)
        if purpose not in (Purpose.CONSENT, Purpose.RECORD):
            for name in ("validity_days", "asks_everyone", "due_on", "is_open"):
                del form.fields[name]
        form.others = [code for code in languages if code != "fr"]
        for code in form.others:
            form._add_language(code, languages[code], draft.translations.get(code, {}))
        form.order_fields([*_TRANSLATED, *(f"{part}_{code}" for code in form.others for part in _TRANSLATED)])
        # What is no longer offered stays: the language may be offered again.
        form.translations_kept = {code: told for code, told in draft.translations.items() if code not in form.others}
        return form

    @property
    def columns(self) -> dict[str, Any]:
        told = {name: value for name, value in self.cleaned_data.items() if name in self.base_fields}
        if "due_on" in told:
            told["due_on"] = told["due_on"].isoformat() if told["due_on"] else ""
        written = {code: self._words_in(code) for code in self.others}
        return {**told, "translations": {**self.translations_kept, **{code: w for code, w in written.items() if w}}}

    def _add_language(self, code: str, name: str, now: Mapping[str, str]) -> None:
        self.fields[f"title_{code}"] = forms.CharField(
            label=_("Titre (%(language)s)") % {"language": name},
            required=False,
            max_length=_MOST_OF_A_TITLE,
            initial=now.get("title", ""),
            widget=forms.TextInput(attrs={"lang": code}),
            help_text=_("Laissez vide pour montrer le français."),
        )
        self.fields[f"reason_{code}"] = forms.CharField(
            label=_("Pourquoi nous le demandons (%(language)s)") % {"language": name},
            required=False,
            max_length=_MOST_OF_A_REASON,
            initial=now.get("reason", ""),
            widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
        )

    def _words_in(self, code: str) -> dict[str, str]:
        return {part: said for part in _TRANSLATED if (said := self.cleaned_data[f"{part}_{code}"])}


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
