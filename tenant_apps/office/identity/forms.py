"""What the organisation says of itself, and the colours and the logo that it shows."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.design import brand
from shared_apps.design.lines import LineField
from shared_apps.design.pictures import BadPicture
from tenant_apps.organisation import logos
from tenant_apps.organisation.models import Profile

_EXPLAINED: dict[str, str | Promise] = {
    "fr": gettext_lazy("La langue d’origine de toutes les pages."),
    "en": gettext_lazy(
        "Les pages et les courriels sont traduits\u202f; vos propres textes, seulement si vous les traduisez."
    ),
    "nl": gettext_lazy("Comme l’anglais, avec les usages de la Belgique."),
}
_COLOUR = forms.TextInput(attrs={"type": "color"})
_FREE = {"rows": 4}


class IdentityForm(forms.Form):
    name = LineField(
        label=gettext_lazy("Nom"),
        max_length=200,
        help_text=gettext_lazy("En tête de chaque page et de chaque courriel."),
    )
    short_name = LineField(
        label=gettext_lazy("Nom court"), max_length=40, help_text=gettext_lazy("Là où la place manque.")
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Courriel"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Au bas de chaque page. Les familles y répondent à vos messages."),
    )
    contact_phone = LineField(
        label=gettext_lazy("Téléphone"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    address = forms.CharField(
        label=gettext_lazy("Adresse"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Langues offertes aux familles"), widget=forms.CheckboxSelectMultiple
    )
    welcome = forms.CharField(
        label=gettext_lazy("Mot de bienvenue"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs=_FREE),
        help_text=gettext_lazy("Sur la page d’accueil des familles."),
    )
    help_text = forms.CharField(
        label=gettext_lazy("Aide"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs=_FREE),
        help_text=gettext_lazy("Heures d’ouverture, qui appeler, où se présenter."),
    )
    brand_colour = forms.CharField(
        label=gettext_lazy("Couleur principale"),
        max_length=7,
        widget=_COLOUR,
        help_text=gettext_lazy("Les bandeaux, les boutons et les liens en sont tirés, en clair et en sombre."),
    )
    has_accent = forms.BooleanField(label=gettext_lazy("Utiliser une seconde couleur"), required=False)
    accent_colour = forms.CharField(
        label=gettext_lazy("Seconde couleur"),
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color", "data-shown-when": "has_accent"}),
        help_text=gettext_lazy("Par touches seulement. Sans elle, une nuance de la première la remplace."),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy("JPEG, PNG ou WebP, 10 Mo au plus. De préférence sur fond transparent."),
    )
    removes_logo = forms.BooleanField(label=gettext_lazy("Retirer le logo"), required=False)

    drawn: bytes | None = None

    def __init__(self, data: Any, files: Any, *, profile: Profile) -> None:
        kept = {name: getattr(profile, name) for name in self.base_fields if name != "logo" and hasattr(profile, name)}
        accent = profile.accent_colour
        super().__init__(
            data, files, initial={**kept, "has_accent": bool(accent), "accent_colour": accent or "#f4b43e"}
        )
        self.main_language = str(profile.languages[0]) if profile.languages else settings.LANGUAGE_CODE
        self.fields["languages"].choices = [  # type: ignore[attr-defined]
            (code, format_html("<strong>{}</strong><br>{}", name, _EXPLAINED.get(code, "")))
            for code, name in settings.LANGUAGES
        ]
        if not profile.logo:
            del self.fields["removes_logo"]

    def clean_languages(self) -> list[str]:
        """The first language stays, and stays first: mails to staff and new pages begin in it."""
        said: list[str] = self.cleaned_data["languages"]
        if self.main_language not in said:
            name = dict(settings.LANGUAGES).get(self.main_language, self.main_language)
            raise forms.ValidationError(_("La première langue, %(language)s, reste offerte.") % {"language": name})
        return [self.main_language, *(code for code in said if code != self.main_language)]

    def clean_brand_colour(self) -> str:
        return _readable(self.cleaned_data["brand_colour"])

    def clean_accent_colour(self) -> str:
        if not self.cleaned_data.get("has_accent"):
            return ""
        return _readable(self.cleaned_data["accent_colour"])

    def clean_logo(self) -> None:
        if (file := self.cleaned_data.get("logo")) is None:
            return
        try:
            self.drawn = logos.drawn(file)
        except BadPicture as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def columns(self) -> dict[str, Any]:
        left_out = {"has_accent", "logo", "removes_logo"}
        said = {name: value for name, value in self.cleaned_data.items() if name not in left_out}
        return {name: value.replace("\r\n", "\n") if isinstance(value, str) else value for name, value in said.items()}


def _readable(typed: str) -> str:
    """Raises ValidationError, with the nearest colour that will do where there is one."""
    try:
        better = brand.suggestion(typed)
    except brand.BadColour:
        raise forms.ValidationError(_("Écrivez une couleur comme #1d4f91.")) from None
    if better is not None:
        raise forms.ValidationError(
            _("Trop pâle\u202f: on ne la distinguerait pas du papier. La plus proche qui convient est %(colour)s.")
            % {"colour": better}
        )
    return brand.parse(typed)
