"""What an operator says to open an organisation."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shared_apps.design.lines import LineField
from tenant_apps.console import kinds
from tenant_apps.console.fields import HostLabelField


class SuspensionForm(forms.Form):
    words = forms.CharField(
        label=_("Pourquoi"),
        help_text=_("Gardé dans le suivi, pour l’équipe de la plateforme seulement."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OrganisationForm(forms.Form):
    name = LineField(label=_("Nom de l’organisation"), max_length=200)
    slug = HostLabelField()
    kind = forms.ChoiceField(
        label=_("Genre"),
        help_text=_("Le genre donne un point de départ complet\u202f: règles, mots, niveaux et formulaires."),
        choices=lambda: [("", _("Choisissez…")), *kinds.choices()],
    )
    language = forms.ChoiceField(label=_("Langue principale"), choices=settings.LANGUAGES, initial="fr")
    owner_email = forms.EmailField(
        label=_("Courriel de la première personne"),
        help_text=_("Elle reçoit une invitation dès que l’espace est prêt, et en est la propriétaire."),
        max_length=254,
        required=False,
    )
    owner_first_name = LineField(label=_("Son prénom"), max_length=100, required=False)
    owner_last_name = LineField(label=_("Son nom"), max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        key, language = cleaned.get("kind"), cleaned.get("language")
        try:
            if key and language:
                kinds.check_language(key, language)
        except ValidationError as error:
            self.add_error("language", error)
        return cleaned
