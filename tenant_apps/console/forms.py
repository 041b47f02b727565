"""What an operator says to open an organisation."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tenant_apps.console import kinds

_HOST_LABEL = RegexValidator(
    r"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z",
    _("Des lettres minuscules sans accent, des chiffres et des traits d’union, sans trait d’union au bord."),
)


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("Nom de l’organisation"), max_length=200)
    slug = forms.CharField(label=_("Adresse"), max_length=40, validators=[_HOST_LABEL])
    kind = forms.ChoiceField(
        label=_("Genre"),
        help_text=_("Le genre donne un point de départ complet\u202f: règles, mots, niveaux et formulaires."),
        choices=lambda: [("", _("Choisissez…")), *kinds.choices()],
    )
    language = forms.ChoiceField(label=_("Langue principale"), choices=settings.LANGUAGES, initial="fr")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].help_text = _("Le site sera à cette adresse, suivie de .%(domain)s") % {
            "domain": settings.PLATFORM_DOMAIN
        }

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        key, language = cleaned.get("kind"), cleaned.get("language")
        if key and language and language not in kinds.languages(key):
            self.add_error("language", ValidationError(_("Ce genre d’organisation n’offre pas encore cette langue.")))
        return cleaned
